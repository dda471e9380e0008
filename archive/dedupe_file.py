"""The file form of duplicates, for callers that know no data base."""

from archive.warehouse.dedupe_file import dedupe_rows

__all__ = ["dedupe_rows"]
