-- How often does each source publish, and how many new reports did its last thirty runs bring? | 来源节奏：发布间隔与近三十次新增
CREATE OR REPLACE VIEW source_rhythm AS
WITH days AS (
    SELECT DISTINCT source, published_on AS day FROM report_heads
    WHERE withdrawn_at IS NULL AND published_on IS NOT NULL
), pauses AS (
    SELECT source, day, date_diff('day', lag(day) OVER (PARTITION BY source ORDER BY day), day) AS pause FROM days
), rhythm AS (
    SELECT source, max(day) AS newest_published_on, max(pause) AS longest_pause_days FROM pauses GROUP BY source
), runs AS (
    SELECT source, started_at, n_new_reports FROM crawl_runs
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY started_at DESC) <= 30
), recent AS (
    SELECT source, max(started_at) AS last_run_at, list(coalesce(n_new_reports, 0) ORDER BY started_at) AS recent_new
    FROM runs GROUP BY source
), watched AS (
    SELECT source, min(started_at) AS first_run_at FROM crawl_runs GROUP BY source
), held AS (
    SELECT source, count(*) AS n_reports FROM report_heads WHERE withdrawn_at IS NULL GROUP BY source
)
SELECT w.source, w.first_run_at, e.last_run_at, y.newest_published_on, y.longest_pause_days, e.recent_new,
    coalesce(h.n_reports, 0) AS n_reports
FROM watched w
JOIN recent e ON e.source = w.source
LEFT JOIN rhythm y ON y.source = w.source
LEFT JOIN held h ON h.source = w.source;
