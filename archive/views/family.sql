-- Which copies of a report are there and which one stands for them? SELECT * FROM family('…') | 同文族：某报告的全部转载与代表文本
CREATE OR REPLACE MACRO family(of_report) AS TABLE
SELECT f.report_id, f.report_id = f.canonical_id AS is_canonical, h.title, h.publisher, h.published_on, h.year, h.source,
    h.source_kind, h.masked_ratio, coalesce(h.is_tagged_truncated, h.is_truncated) AS is_truncated, h.n_chars,
    d.relation, d.similarity, d.evidence, f.reason, f.adds, h.url
FROM families f
JOIN report_heads h ON h.report_id = f.report_id AND h.withdrawn_at IS NULL
LEFT JOIN duplicates d ON d.a = least(f.report_id, f.canonical_id) AND d.b = greatest(f.report_id, f.canonical_id)
WHERE f.canonical_id = (SELECT canonical_id FROM families WHERE report_id = of_report)
ORDER BY is_canonical DESC, h.published_on, f.report_id;
