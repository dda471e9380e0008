"""One file per family of list pages: list page in, rows and next requests out."""
