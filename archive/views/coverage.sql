-- For which region, sector, year and kind are there reports, and why are there none for the others? | 覆盖矩阵：地区 × 行业 × 年份 × 类型，空格处说明原因
CREATE OR REPLACE VIEW coverage AS
WITH kinds AS (
    -- where the region is open the agency's own name keeps its series apart from others'
    SELECT coalesce(region, CASE WHEN source_kind = 'government' THEN publisher END, '') AS place,
        coalesce(sector, '') AS sector, year, plan_year, source, report_id,
        unnest(CASE WHEN len(report_types) > 0 THEN report_types ELSE ['other'] END) AS report_type,
        coalesce(is_tagged_truncated, is_truncated) AS is_preview, source_kind = 'government' AS is_official
    FROM report_heads WHERE withdrawn_at IS NULL
), held AS MATERIALIZED (
    SELECT * EXCLUDE (year, plan_year),
        -- 2021年总结及2022年计划 is a summary of 2021 and a plan for 2022
        CASE WHEN report_type = 'plan' THEN coalesce(try_cast(substr(plan_year, 1, 4) AS INTEGER), year) ELSE year END AS year
    FROM kinds
), copies AS (
    SELECT report_id FROM families WHERE report_id <> canonical_id
), cells AS (
    SELECT place, sector, year, report_type, count(*) AS n_reports,
        count(*) FILTER (WHERE report_id NOT IN (FROM copies)) AS n_canonical,
        count(*) FILTER (WHERE is_preview) AS n_previews,
        count(*) FILTER (WHERE is_official) AS n_official
    FROM held WHERE year IS NOT NULL GROUP BY ALL
), series AS (
    -- an agency that published a kind of report in some years may have done so in all years between and until now
    SELECT place, sector, report_type, min(year) AS first_year,
        greatest(max(year), year((SELECT max(last_seen_at) FROM report_heads)) - 1) AS last_year
    FROM cells WHERE place <> '' AND sector <> '' GROUP BY ALL
), sources_of AS (
    SELECT place, sector, source FROM held
    WHERE place <> '' AND sector <> '' AND is_official GROUP BY ALL
), excuses AS (
    SELECT s.place, s.sector, r.year, r.report_type,
        -- the reason about which something can be done before the others
        arg_min(r.reason, CASE WHEN r.reason = 'blocked' THEN 1 WHEN starts_with(r.reason, 'not ') THEN 2
            WHEN starts_with(r.reason, 'listed') THEN 3 WHEN starts_with(r.reason, 'rejected') THEN 4 ELSE 5 END) AS reason
    FROM sources_of s JOIN cell_reasons r ON r.source = s.source
    -- a page that turned out to be a notice leaves no gap
    WHERE r.reason NOT IN ('rejected: notice', 'rejected: news', 'rejected: menu') AND r.report_type <> 'other' AND r.year IS NOT NULL
    GROUP BY ALL
), frame AS (
    SELECT place, sector, report_type, unnest(range(first_year, last_year + 1))::INTEGER AS year FROM series
    UNION SELECT place, sector, report_type, year FROM cells
    UNION SELECT place, sector, report_type, year FROM excuses
        SEMI JOIN series USING (place, sector, report_type)
)
SELECT CASE WHEN f.place < ':' THEN f.place ELSE '' END AS region,  -- a code; names sort behind digits
    CASE WHEN f.place < ':' THEN '' ELSE f.place END AS publisher, f.sector, f.year, f.report_type, coalesce(c.n_reports, 0) AS n_reports,
    coalesce(c.n_canonical, 0) AS n_canonical, coalesce(c.n_official, 0) AS n_official,
    coalesce(c.n_previews, 0) AS n_previews,
    CASE
        WHEN c.n_reports > c.n_previews THEN 'held'
        WHEN c.n_reports > 0 THEN 'preview only'
        WHEN e.reason IS NOT NULL THEN e.reason
        ELSE 'not listed'
    END AS state
FROM frame f
LEFT JOIN cells c ON c.place = f.place AND c.sector = f.sector AND c.year = f.year
    AND c.report_type = f.report_type
LEFT JOIN excuses e ON e.place = f.place AND e.sector = f.sector AND e.year = f.year
    AND e.report_type = f.report_type;
