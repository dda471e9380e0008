-- Which reports were copied most often? | 被转载最多的报告
CREATE OR REPLACE VIEW largest_families AS
SELECT f.canonical_id AS report_id, r.title, r.publisher, r.url, count(*) AS n_members
FROM families f JOIN report_heads r ON r.report_id = f.canonical_id
GROUP BY ALL HAVING count(*) > 1
ORDER BY n_members DESC, r.title;
