-- How did a figure develop over the years? SELECT * FROM indicator_series('床位数', '429006') | 指标时间序列（名称、地区）
CREATE OR REPLACE MACRO indicator_series(indicator_name, in_region := NULL) AS TABLE
SELECT h.year, h.region, h.region_path, h.sector, h.publisher, i.name, i.value, i.value_high, i.unit, i.qualifier,
    i.comparison, i.base, i.period, i.modality, i.confidence, h.report_id, h.title, i.span_start, i.span_end
FROM indicators i
JOIN report_heads h ON h.report_id = i.report_id
WHERE contains(i.name, indicator_name)
    -- a code finds what lies under it: 42 the province, 4290 its directly governed cities
    AND (in_region IS NULL OR starts_with(h.region, regexp_replace(in_region, '(00)+$', '')))
    AND h.withdrawn_at IS NULL
    AND h.report_id NOT IN (SELECT report_id FROM families WHERE report_id <> canonical_id)
ORDER BY i.name, h.year, h.region;
