"""Work reports composed for the sample sites: invented agencies, years 2018-2024, the same words on every machine."""
