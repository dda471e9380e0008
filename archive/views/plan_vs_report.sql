-- What did an agency plan for a year and what did it report on that year? | 计划与总结对照：同一机构某年的计划目标与次年报告的实绩
CREATE OR REPLACE VIEW plan_vs_report AS
WITH agencies AS (
    SELECT report_id, title, url, region, sector, publisher, report_types, period_end, year,
        -- one agency: same region and sector; where either is open, same publisher's name
        CASE WHEN region IS NOT NULL AND sector IS NOT NULL THEN region || '/' || sector ELSE publisher END AS agency,
        try_cast(substr(plan_year, 1, 4) AS INTEGER) AS planned_year
    FROM report_heads
    WHERE withdrawn_at IS NULL AND report_id NOT IN (SELECT report_id FROM families WHERE report_id <> canonical_id)
), pairs AS (
    SELECT p.agency, p.publisher, p.planned_year AS plan_year, p.report_id AS plan_id, p.title AS plan_title,
        r.report_id AS report_id, r.title AS report_title
    FROM agencies p JOIN agencies r
        ON r.agency = p.agency AND year(r.period_end) = p.planned_year AND r.report_id <> p.report_id
    WHERE list_has_any(r.report_types, ['annual', 'gwr', 'duty'])
)
SELECT x.*, t.name AS indicator, t.value AS planned, t.value_high AS planned_high, t.unit AS planned_unit, t.qualifier,
    a.value AS reported, round(a.value / nullif(t.value, 0), 4) AS fulfilled_ratio,
    CASE
        WHEN t.value IS NULL THEN NULL
        WHEN a.value IS NULL THEN 'not reported'
        WHEN coalesce(t.qualifier IN ('以内', '以下', '不超过', '不高于', '低于', '最多'), false) = (a.value > t.value) AND a.value <> t.value THEN 'missed'
        ELSE 'met'
    END AS outcome,
    t.span_start AS planned_start, t.span_end AS planned_end, a.span_start AS reported_start, a.span_end AS reported_end
FROM pairs x
LEFT JOIN indicators t ON t.report_id = x.plan_id AND t.modality = 'target'
LEFT JOIN indicators a ON a.report_id = x.report_id AND a.modality = 'actual' AND a.unit = t.unit
    -- 参合率 in one is 新型农村合作医疗参合率 in the other; counts by such short names (项目, 学校) are of other things
    AND (a.name = t.name OR t.unit = '%' AND (ends_with(a.name, t.name) OR ends_with(t.name, a.name)))
-- a target meets one figure: the one of its very name, else of the longest, the first in the text
QUALIFY row_number() OVER (
    PARTITION BY x.plan_id, x.report_id, t.span_start, t.span_end ORDER BY a.name = t.name DESC, length(a.name) DESC, a.span_start
) = 1
-- DuckDB 2.0.0 ignores a LIMIT right above these joins where no target was read; it heeds one above a sort
ORDER BY reported IS NULL, planned IS NULL, plan_year, agency, indicator;
