-- How fresh is this archive and how much does it hold? | 档案概况：更新时间与规模
CREATE OR REPLACE VIEW archive_info AS
SELECT (SELECT value::TIMESTAMP FROM archive_facts WHERE name = 'published_at') AS published_at,
    (SELECT max(loaded_at) FROM ledger) AS last_loaded_at,
    (SELECT max(ended_at) FROM crawl_runs) AS last_run_at,
    (SELECT count(*) FROM report_heads WHERE withdrawn_at IS NULL) AS n_reports,
    (SELECT count(*) FROM families WHERE report_id <> canonical_id) AS n_copies,
    (SELECT count(*) FROM report_versions) AS n_versions,
    (SELECT count(*) FROM pages) AS n_pages,
    (SELECT count(DISTINCT source) FROM crawl_runs) AS n_sources,
    (SELECT max(number) FROM schema_migrations) AS schema_version;
