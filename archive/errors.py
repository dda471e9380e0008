"""The errors a user may see: ArchiveError, and below it what was broken. Messages say what, where and what to do next.

    ArchiveError
    ├── WarehouseError   the DuckDB side: missing, locked, newer, damaged, a wrong query
    └── LandingError     a landed run cannot be read
"""


class ArchiveError(RuntimeError):
    """Something of the archive cannot be used as it is."""


class WarehouseError(ArchiveError):
    """The warehouse cannot be opened, written, published or asked."""


class LandingError(ArchiveError):
    """What a crawl wrote cannot be read back."""
