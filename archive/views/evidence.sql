-- Why does a report have its tags? SELECT * FROM evidence('…') | 标签依据：每个标签在原文中的出处
CREATE OR REPLACE MACRO evidence(of_report) AS TABLE
SELECT t.name, t.value, t.confidence, t.method, t.field,
    substr(
        CASE t.field
            WHEN 'text' THEN (SELECT text FROM text_of(of_report)) WHEN 'title' THEN r.title WHEN 'publisher' THEN r.publisher WHEN 'url' THEN r.url
            WHEN 'index_no' THEN r.index_no WHEN 'doc_no' THEN r.doc_no WHEN 'site_id_code' THEN r.site_id_code
            WHEN 'source_line' THEN r.source_line WHEN 'site_name' THEN r.site_name
        END,
        t.span_start + 1, t.span_end - t.span_start) AS quote,
    t.span_start, t.span_end, t.detail
FROM tags t JOIN report_heads r ON r.report_id = t.report_id
WHERE t.report_id = of_report
ORDER BY t.name, t.confidence DESC, t.span_start;
