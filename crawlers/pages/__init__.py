"""Page in, Reports or a Rejection out: `reading.read_page` first. What a page leads to: `follow_ups`."""
