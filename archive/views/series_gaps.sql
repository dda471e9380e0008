-- Which numbers are missing in a publisher's series of index or document numbers? | 索引号、文号序列中的缺号
CREATE OR REPLACE VIEW series_gaps AS
WITH numbered AS (
    SELECT 'index_no' AS kind, regexp_extract(index_no, '^(.*?)0*([0-9]{1,9})$', 1) AS series,
        try_cast(regexp_extract(index_no, '^(.*?)0*([0-9]{1,9})$', 2) AS INTEGER) AS number, report_id
    FROM report_heads WHERE index_no IS NOT NULL AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'doc_no', regexp_extract(doc_no, '^(.*[〕\])）])0*([0-9]{1,6})号?$', 1),
        try_cast(regexp_extract(doc_no, '^(.*[〕\])）])0*([0-9]{1,6})号?$', 2) AS INTEGER), report_id
    FROM report_heads WHERE doc_no IS NOT NULL AND withdrawn_at IS NULL
)
SELECT kind, series, prior + 1 AS first_missing, number - 1 AS last_missing, number - prior - 1 AS n_missing,
    report_id AS next_report_id
FROM (
    SELECT *, lag(number) OVER (PARTITION BY kind, series ORDER BY number) AS prior
    FROM (SELECT kind, series, number, min(report_id) AS report_id FROM numbered WHERE series <> '' GROUP BY ALL)
)
WHERE number > prior + 1;
