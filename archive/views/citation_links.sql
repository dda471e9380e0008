-- Which archived report cites which archived document? | 引用关系：馆藏报告之间的引用
CREATE OR REPLACE VIEW citation_links AS
WITH cited AS (
    SELECT report_id, 'doc_no' AS kind, doc_no AS name, title FROM report_heads WHERE withdrawn_at IS NULL
    UNION ALL
    SELECT report_id, 'title', title, title FROM report_heads WHERE withdrawn_at IS NULL
)
SELECT c.report_id AS citing_id, h.title AS citing_title, c.kind, c.value, o.report_id AS cited_id, o.title AS cited_title,
    c.span_start, c.span_end
FROM citations c
JOIN report_heads h ON h.report_id = c.report_id AND h.withdrawn_at IS NULL
JOIN cited o ON o.kind = c.kind AND o.name = c.value AND o.report_id <> c.report_id;
