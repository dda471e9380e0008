-- What is new or changed since a moment (UTC)? SELECT * FROM new_since('2026-11-01') | 某一时刻以来新增或改动的报告
CREATE OR REPLACE MACRO new_since(moment) AS TABLE
SELECT CASE v.cause WHEN 'first' THEN 'new' ELSE 'changed' END AS change, v.seen_at, h.report_id, h.title, h.publisher,
    h.published_on, h.source, h.report_types, h.year, v.version, coalesce(f.canonical_id, h.report_id) AS canonical_id, h.url
FROM report_versions v
JOIN report_heads h ON h.report_id = v.report_id
LEFT JOIN families f ON f.report_id = h.report_id
WHERE v.seen_at > moment::TIMESTAMP AND v.cause <> 'extractor' AND h.withdrawn_at IS NULL
ORDER BY v.seen_at DESC, h.report_id;
