"""What is kept: text, tags, duplicates and the DuckDB warehouse. Knows no HTML and no HTTP."""
