"""When things run and in which order: Prefect flows and the `workreports` command. Knows no SQL and no HTML."""
