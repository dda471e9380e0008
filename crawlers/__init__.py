"""How pages are fetched and read: HTTP and HTML. Knows no SQL."""
