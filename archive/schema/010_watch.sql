-- What a person must be told: how well a run's pages could be read, and the alarms that are open.
ALTER TABLE crawl_runs ADD COLUMN n_read INTEGER;
ALTER TABLE crawl_runs ADD COLUMN n_dated INTEGER;
ALTER TABLE crawl_runs ADD COLUMN n_with_publisher INTEGER;
ALTER TABLE crawl_runs ADD COLUMN n_chars BIGINT;

CREATE TABLE alarms (
    source VARCHAR NOT NULL, cause VARCHAR NOT NULL, message VARCHAR, opened_at TIMESTAMP, closed_at TIMESTAMP,
    run_id VARCHAR
);
