-- How is each source: last run, newest report, what it promised and what came? | 来源状况：最近一次运行、最新报告、承诺与实得
CREATE OR REPLACE VIEW source_health AS
WITH last_run AS (
    SELECT * FROM crawl_runs QUALIFY row_number() OVER (PARTITION BY source ORDER BY started_at DESC, run_id DESC) = 1
), recent AS (
    SELECT r.source, count(*) AS n_runs_30_days, count(*) FILTER (WHERE r.state IN ('red', 'crashed')) AS n_bad_runs_30_days
    FROM crawl_runs r JOIN last_run l ON l.source = r.source
    WHERE r.started_at > l.started_at - INTERVAL 30 DAY GROUP BY r.source
), held AS (
    SELECT source, count(*) AS n_reports, max(published_on) AS newest_published_on, max(first_seen_at) AS newest_seen_at
    FROM report_heads WHERE withdrawn_at IS NULL GROUP BY source
), shown AS (
    SELECT source, max(date) AS newest_listed_on FROM listed GROUP BY source
)
SELECT coalesce(s.name, l.source) AS source, s.title, s.kind, coalesce(s.collect, true) AS collect, s.at_least,
    coalesce(h.n_reports, 0) AS n_reports, l.state, l.message, l.stop_reason, l.end_reached, l.started_at AS last_run_at,
    l.rows_seen, l.n_new_reports, l.n_rejected, l.n_blocked, l.n_errors,
    h.newest_published_on, h.newest_seen_at, sh.newest_listed_on,
    e.n_runs_30_days, e.n_bad_runs_30_days, l.family, l.run_id, l.flow_run_url
FROM sources s
FULL JOIN last_run l ON l.source = s.name
LEFT JOIN recent e ON e.source = l.source
LEFT JOIN held h ON h.source = coalesce(s.name, l.source)
LEFT JOIN shown sh ON sh.source = coalesce(s.name, l.source);
