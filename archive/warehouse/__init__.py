"""The DuckDB warehouse: the only modules that speak DuckDB."""
