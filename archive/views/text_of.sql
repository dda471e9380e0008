-- What does one report say in full? SELECT text FROM text_of('…') | 某一报告的全文（单篇读取最快）
CREATE OR REPLACE MACRO text_of(of_report) AS TABLE
SELECT coalesce(string_agg(piece, '' ORDER BY place), '') AS text
FROM search_texts
WHERE version_id = (SELECT version_id FROM report_heads WHERE report_id = of_report);
