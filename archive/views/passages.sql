-- In which words around it does a phrase stand? SELECT * FROM passages('床位', 30) | 语境检索：词在原文中的上下文
CREATE OR REPLACE MACRO passages(phrase, around := 30) AS TABLE
WITH wanted AS MATERIALIZED (
    SELECT unnest(packed_bigrams(word)) AS bigram FROM (SELECT folded(phrase) AS word)
), candidates AS MATERIALIZED (
    SELECT version_id FROM search_postings p JOIN wanted w ON w.bigram = p.bigram
    GROUP BY version_id HAVING count(*) = (SELECT count(*) FROM wanted)
), found AS (
    SELECT r.report_id, r.title, r.publisher, r.year, v.text,
        string_split(v.text, phrase) AS parts
    FROM report_heads r JOIN report_versions v ON v.version_id = r.version_id
    WHERE r.withdrawn_at IS NULL AND r.version_id IN (SELECT version_id FROM candidates) AND contains(v.text, phrase)
), hits AS (
    SELECT *, unnest(range(1, len(parts))) AS hit_no FROM found
), placed AS (
    SELECT *, hit_no * length(phrase)
        + list_sum(list_transform(parts[1:hit_no], lambda part: length(part)))::INTEGER AS span_end
    FROM hits
)
SELECT report_id, title, publisher, year, hit_no,
    regexp_replace(substr(text, greatest(span_end - length(phrase) - around, 0) + 1,
        least(around, span_end - length(phrase))), '\s+', ' ', 'g') AS before,
    phrase AS phrase,
    regexp_replace(substr(text, span_end + 1, around), '\s+', ' ', 'g') AS after,
    span_end - length(phrase) AS span_start, span_end
FROM placed
ORDER BY report_id, hit_no;
