"""Page in, Reports or a Rejection out."""

from crawlers.pages.follow_ups import follow_ups
from crawlers.pages.reading import VERSION, read_page
from crawlers.pages.rows import extract_rows

__all__ = ["VERSION", "extract_rows", "follow_ups", "read_page"]
