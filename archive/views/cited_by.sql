-- Which reports cite a document, by number or title? SELECT * FROM cited_by('湖卫健发〔2023〕1号') | 哪些报告引用了某文件
CREATE OR REPLACE MACRO cited_by(document) AS TABLE
SELECT c.kind, c.value, h.report_id, h.title, h.publisher, h.year, h.region, c.span_start, c.span_end, c.confidence, h.url
FROM citations c
JOIN report_heads h ON h.report_id = c.report_id
WHERE h.withdrawn_at IS NULL
    AND c.value IN (
        regexp_replace(document, '[《》\s]', '', 'g'),
        -- the year's brackets are written in many ways; 〔〕 is the standard's (GB/T 9704)
        translate(regexp_replace(document, '\s', '', 'g'), '[]【】()（）［］〈〉', '〔〕〔〕〔〕〔〕〔〕〔〕')
    );
