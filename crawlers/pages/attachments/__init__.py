"""Files that belong to a report: bytes in, text out, each read in a child process with limits."""

from crawlers.pages.attachments.reading import read_attachment

__all__ = ["read_attachment"]
