-- Why does a report have its tags? SELECT * FROM evidence('…') | 标签依据：每个标签在原文中的出处
CREATE OR REPLACE MACRO evidence(of_report) AS TABLE
SELECT t.name, t.value, t.confidence, t.method, t.field,
    CASE t.field
        WHEN 'text' THEN substr(r.text, t.span_start + 1, t.span_end - t.span_start)
        WHEN 'title' THEN substr(r.title, t.span_start + 1, t.span_end - t.span_start)
        WHEN 'publisher' THEN substr(r.publisher, t.span_start + 1, t.span_end - t.span_start)
    END AS quote,
    t.span_start, t.span_end, t.detail
FROM tags t JOIN reports r ON r.report_id = t.report_id
WHERE t.report_id = of_report
ORDER BY t.name, t.confidence DESC, t.span_start;
