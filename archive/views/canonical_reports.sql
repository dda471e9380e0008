-- Which reports are there, each counted once however often it was copied? | 去重后的报告：每个同文族只取代表文本
CREATE OR REPLACE VIEW canonical_reports AS
SELECT r.*, (SELECT count(*) FROM families m WHERE m.canonical_id = r.report_id) AS n_members
FROM reports r
LEFT JOIN families f ON f.report_id = r.report_id
WHERE coalesce(f.canonical_id = r.report_id, true);
