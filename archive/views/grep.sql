-- Which reports match a regular expression? SELECT * FROM grep('增长[0-9.]+%') | 正则检索（RE2 语法），逐篇扫描
CREATE OR REPLACE MACRO grep(regex) AS TABLE
SELECT report_id, title, publisher, published_on, source, hit, n_hits,
    substr(text, greatest(instr(text, hit) - 30, 1), 60 + length(hit)) AS context, url
FROM (
    SELECT *, regexp_extract(text, regex) AS hit, len(regexp_extract_all(text, regex)) AS n_hits
    FROM reports WHERE regexp_matches(text, regex)
);
