"""A small local site for reading the archive: search, reports with their evidence, copies side by side, sources."""
