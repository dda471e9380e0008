-- Which passages does a report share with others? SELECT * FROM shared_passages('…') | 某报告与他文相同的段落
CREATE OR REPLACE MACRO shared_passages(of_report) AS TABLE
WITH pairs AS (
    SELECT b AS other_id, relation, coverage_a AS own_share, unnest(spans) AS span, false AS is_turned
    FROM duplicates WHERE a = of_report
    UNION ALL
    SELECT a, CASE relation WHEN 'contains' THEN 'part_of' WHEN 'part_of' THEN 'contains' ELSE relation END,
        coverage_b, unnest(spans), true
    FROM duplicates WHERE b = of_report
), turned AS (
    SELECT other_id, relation, own_share, CASE WHEN is_turned THEN span[3] ELSE span[1] END AS span_start,
        CASE WHEN is_turned THEN span[4] ELSE span[2] END AS span_end,
        CASE WHEN is_turned THEN span[1] ELSE span[3] END AS other_start,
        CASE WHEN is_turned THEN span[2] ELSE span[4] END AS other_end
    FROM pairs
)
SELECT t.other_id, o.title AS other_title, o.publisher AS other_publisher, o.url AS other_url, t.relation, t.own_share,
    t.span_start, t.span_end, t.other_start, t.other_end,
    substr((SELECT text FROM text_of(of_report)), t.span_start + 1, t.span_end - t.span_start) AS passage
FROM turned t JOIN report_heads o ON o.report_id = t.other_id AND o.withdrawn_at IS NULL
ORDER BY t.own_share DESC, t.other_id, t.span_start;
