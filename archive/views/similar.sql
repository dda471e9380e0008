-- Which reports are most like this one? SELECT * FROM "similar"('…') | 与某报告最相近的报告
CREATE OR REPLACE MACRO "similar"(to_report, top := 20) AS TABLE
WITH own AS MATERIALIZED (
    SELECT f.hash FROM fingerprints f JOIN compared_texts t ON t.doc_no = f.doc_no
    WHERE t.report_id = to_report AND f.hash NOT IN (SELECT hash FROM boilerplate)
), shared AS (
    SELECT f.doc_no, count(DISTINCT f.hash) AS n_shared
    FROM fingerprints f JOIN own ON own.hash = f.hash GROUP BY f.doc_no
)
SELECT h.report_id, h.title, h.publisher, h.published_on, h.source, s.n_shared,
    round(s.n_shared / (SELECT count(DISTINCT hash) FROM own), 4) AS own_share,
    d.relation, d.similarity, h.url
FROM shared s
JOIN compared_texts t ON t.doc_no = s.doc_no
JOIN report_heads h ON h.report_id = t.report_id AND h.withdrawn_at IS NULL
LEFT JOIN duplicates d ON d.a = least(to_report, t.report_id) AND d.b = greatest(to_report, t.report_id)
WHERE t.report_id <> to_report
ORDER BY s.n_shared DESC, h.report_id
LIMIT top;
