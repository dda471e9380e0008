-- Which reports speak of these words? SELECT * FROM search('疫苗 接种率') | 全文检索：词、"短语"、OR、NOT，按相关度排序
--
-- A word is a run of neighbouring characters. Reports are found by its pairs of characters (search_postings), ranked,
-- and the best are checked against the text itself. Traditional and full-width forms count as their plain twins. A word
-- of one character only checks what the others found. Filters: search('疫苗', about_year := 2021, in_region := '429006').
CREATE OR REPLACE MACRO search(
    query, top := 20, about_year := NULL, in_region := NULL, in_sector := NULL, of_type := NULL, from_source := NULL
) AS TABLE
WITH tokens AS MATERIALIZED (
    SELECT unnest(found) AS token, generate_subscripts(found, 1) AS place
    -- an optional minus before "several words" or before one
    FROM (SELECT regexp_extract_all(query, '[-－]?["“][^"”]+["”]|[^\s\x{3000}]+') AS found)
), words AS MATERIALIZED (
    SELECT place, folded(regexp_replace(token, '^[-－]?["“]?|["”]$', '', 'g')) AS word,
        regexp_matches(token, '^[-－].') OR coalesce(lag(token) OVER (ORDER BY place) = 'NOT', false) AS is_not,
        coalesce(lag(token) OVER (ORDER BY place) = 'OR', false) AS is_or, token
    FROM tokens
), terms AS MATERIALIZED (
    -- words joined by OR are one group; a report must answer every group
    SELECT place, is_not, searched_as(word) AS pattern, packed_bigrams(word) AS bigrams,
        sum(CASE WHEN is_or THEN 0 ELSE 1 END) OVER (ORDER BY place) AS group_no
    FROM words WHERE word <> '' AND token NOT IN ('AND', 'OR', 'NOT')
), wanted AS MATERIALIZED (
    SELECT place, group_no, is_not, len(bigrams) AS n_bigrams, unnest(bigrams) AS bigram
    FROM terms WHERE NOT is_not OR len(bigrams) = 1
), hits AS MATERIALIZED (
    SELECT w.place, w.bigram, p.version_id, p.n, p.in_title
    FROM search_postings p JOIN wanted w ON w.bigram = p.bigram
), weights AS MATERIALIZED (
    -- rare pairs tell more (Spärck Jones 1972)
    SELECT bigram, ln(1 + (SELECT count(*) FROM report_heads) / count(*)) AS idf
    FROM (SELECT bigram FROM hits WHERE place = (SELECT min(w.place) FROM wanted w WHERE w.bigram = hits.bigram))
    GROUP BY bigram
), answered AS MATERIALIZED (
    -- 1 + log dampens repetition; a pair in the title is worth about a hundred in the text
    SELECT h.version_id, h.place, avg(idf * (1 + ln(n) + CASE WHEN in_title THEN 5 ELSE 0 END)) AS score
    FROM hits h JOIN weights w ON w.bigram = h.bigram
    GROUP BY h.version_id, h.place
    HAVING count(*) = (SELECT any_value(n_bigrams) FROM wanted WHERE wanted.place = h.place)
), grouped AS (
    SELECT a.version_id, sum(score) AS score
    FROM answered a JOIN terms t ON t.place = a.place
    GROUP BY a.version_id
    HAVING NOT bool_or(t.is_not)
        AND count(DISTINCT t.group_no) = (SELECT count(DISTINCT group_no) FROM wanted WHERE NOT is_not)
), ranked AS MATERIALIZED (
    -- long texts hold more of everything: pivoted length normalisation (Singhal 1996), slope 0.2, pivot 8,000 characters
    SELECT h.report_id, h.version_id, h.title, h.publisher, h.published_on, h.year, h.region, h.url, h.source,
        score / (0.8 + 0.2 * h.n_chars / 8000) AS score
    FROM grouped g JOIN report_heads h ON h.version_id = g.version_id
    WHERE h.withdrawn_at IS NULL
        AND (about_year IS NULL OR h.year = about_year)
        AND (in_region IS NULL OR h.region = in_region)
        AND (in_sector IS NULL OR h.sector = in_sector)
        AND (of_type IS NULL OR list_contains(h.report_types, of_type))
        AND (from_source IS NULL OR h.source = from_source)
    ORDER BY score DESC, h.report_id
    -- of words of three characters and more a few candidates hold all pairs but not the word
    LIMIT top + CASE WHEN (SELECT max(n_bigrams) FROM wanted) > 1 THEN 10 ELSE 0 END
), patterns AS MATERIALIZED (
    SELECT list(pattern) FILTER (NOT is_not) AS every, list(pattern) FILTER (is_not) AS none
    FROM (SELECT group_no, is_not, '(?i)' || string_agg(pattern, '|') AS pattern FROM terms GROUP BY group_no, is_not)
), texts AS MATERIALIZED (
    SELECT version_id, string_agg(piece, '' ORDER BY place) AS text
    FROM search_texts WHERE version_id IN (SELECT version_id FROM ranked) GROUP BY version_id
), checked AS (
    SELECT k.*, v.text, '(?i)(' || array_to_string(list_transform(p.every, lambda x: substr(x, 5)), '|') || ')' AS any_word
    FROM ranked k JOIN texts v ON v.version_id = k.version_id, patterns p
    WHERE len(list_filter(p.every, lambda x: NOT regexp_matches(k.title || chr(10) || v.text, x))) = 0
        AND len(list_filter(coalesce(p.none, []), lambda x: regexp_matches(k.title || chr(10) || v.text, x))) = 0
)
SELECT report_id, round(score, 3) AS score, title, publisher, published_on, year, region, source, url,
    regexp_replace(
        regexp_replace(substr(text, greatest(instr(text, regexp_extract(text, any_word)) - 30, 1), 90), '\s+', ' ', 'g'),
        any_word, '【\1】', 'g') AS snippet
FROM checked ORDER BY score DESC, report_id LIMIT top;
