-- Which agencies published every year and then stopped? | 曾经逐年公开而后中断的机构
CREATE OR REPLACE VIEW stopped_agencies AS
WITH years AS (
    SELECT source, publisher, any_value(region) AS region, any_value(sector) AS sector,
        list_sort(list(DISTINCT year)) AS years_held, max(year) AS last_year, max(published_on) AS last_published_on
    FROM report_heads
    WHERE withdrawn_at IS NULL AND source_kind = 'government' AND publisher IS NOT NULL AND year IS NOT NULL
    GROUP BY source, publisher
), now_at AS (
    SELECT source, max(last_seen_at) AS last_seen_at FROM report_heads GROUP BY source
)
SELECT y.*, year(n.last_seen_at) - 1 - last_year AS n_years_silent
FROM years y JOIN now_at n ON n.source = y.source
-- three years running make a habit; a report on last year may still come, one on the year before will not
WHERE len(years_held) >= 3 AND years_held[-3] = last_year - 2 AND last_year < year(n.last_seen_at) - 2;
