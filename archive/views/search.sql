-- Which reports speak of these words? SELECT * FROM search('疫苗 接种率') | 全文检索：词、"短语"、OR、NOT，按相关度排序
--
-- A word is a run of neighbouring characters. Reports are found by its pairs of characters (search_postings), ranked,
-- and the best are checked against the text itself. Traditional and full-width forms count as their plain twins. A word
-- of one character only checks what the others found; alone it is an error that names grep. Filters: search('疫苗', about_year := 2021, in_region := '429006').
CREATE OR REPLACE MACRO search(
    query, top := 20, about_year := NULL, in_region := NULL, in_sector := NULL, of_type := NULL, from_source := NULL
) AS TABLE
WITH tokens AS (
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
    SELECT place, is_not, searched_as(word, twins) AS pattern, packed_bigrams(word) AS bigrams,
        -- a few candidates hold all pairs of a word but not the word; many, where a mark within it makes no pair: 98.6%
        CASE WHEN len(bigrams) = 0 OR len(bigrams) < length(word) - 1 THEN 500 WHEN len(bigrams) = 1 THEN 0 ELSE 10 END AS n_spare,
        sum(CASE WHEN is_or THEN 0 ELSE 1 END) OVER (ORDER BY place) AS group_no
    FROM words, (SELECT string_agg(shown || folded, ' ') AS twins FROM search_folding)
    WHERE word <> '' AND token NOT IN ('AND', 'OR', 'NOT')
), placed AS MATERIALIZED (
    SELECT place, group_no, is_not, len(bigrams) AS n_bigrams, unnest(bigrams) AS bigram
    FROM terms WHERE NOT is_not OR len(bigrams) = 1
), pairs AS MATERIALIZED (
    -- a word is found by its two rarest pairs, as the others hardly narrow it: 合作医疗 is nearly wherever 作医 is. Which
    -- they are, the first run of postings tells well enough
    SELECT *, row_number() OVER (PARTITION BY place ORDER BY coalesce(n, 0), bigram) AS rarity
    FROM placed LEFT JOIN (
        SELECT bigram, count(*) AS n FROM search_postings
        WHERE bigram IN (SELECT bigram FROM placed) AND version_id <= 131072 GROUP BY bigram
    ) USING (bigram) QUALIFY rarity <= 2
), postings AS MATERIALIZED (
    SELECT * FROM search_postings WHERE bigram IN (SELECT bigram FROM pairs)
), held AS MATERIALIZED (
    -- which reports hold a pair: a bit for each of a million numbers, as intersecting bits costs a fraction of joining rows
    SELECT bigram, version_id >> 20 AS million, bitstring_agg(version_id & 1048575, 0, 1048575) AS bits, count(*) AS n
    FROM postings GROUP BY ALL
), weights AS MATERIALIZED (
    -- the rarest pair stands as often as the word, or little more; rare words tell more (Spärck Jones 1972)
    SELECT place, bigram, ln(1 + (SELECT count(*) FROM report_heads) / sum(h.n)) AS weight
    FROM pairs JOIN held h USING (bigram) WHERE rarity = 1 AND NOT is_not GROUP BY ALL
), words_held AS MATERIALIZED (
    SELECT group_no, is_not, place, million, bit_and(bits) AS bits
    FROM pairs JOIN held USING (bigram) GROUP BY ALL HAVING count(*) = least(any_value(n_bigrams), 2)
), answering AS (
    SELECT million, bit_and(bits) AS bits
    FROM (SELECT million, group_no, bit_or(bits) AS bits FROM words_held WHERE NOT is_not GROUP BY ALL)
    GROUP BY million HAVING count(*) = (SELECT count(DISTINCT group_no) FROM placed WHERE NOT is_not)
), chosen AS MATERIALIZED (
    SELECT place, million, w.bits & a.bits & coalesce(~n.bits, a.bits) AS bits
    FROM words_held w JOIN answering a USING (million)
    LEFT JOIN (SELECT million, bit_or(bits) AS bits FROM words_held WHERE is_not GROUP BY million) n USING (million)
    WHERE NOT is_not
), sought AS MATERIALIZED (
    SELECT bigram, weight, million, bits FROM weights JOIN chosen USING (place)
), scored AS (
    -- 1 + log dampens repetition; a pair in the title is worth about a hundred in the text
    SELECT version_id, sum(weight * (1 + ln(n) + CASE WHEN in_title THEN 5 ELSE 0 END)) AS score
    FROM postings p JOIN sought s ON s.bigram = p.bigram AND s.million = p.version_id >> 20
    WHERE get_bit(bits, (version_id & 1048575)::INTEGER) = 1
    GROUP BY version_id
), heads AS (
    SELECT h.rowid AS head, h.version_id, h.n_chars
    FROM report_heads h
    WHERE h.withdrawn_at IS NULL
        AND (about_year IS NULL OR h.year = about_year)
        AND (in_region IS NULL OR h.region = in_region)
        AND (in_sector IS NULL OR h.sector = in_sector)
        AND (of_type IS NULL OR list_contains(h.report_types, of_type))
        AND (from_source IS NULL OR h.source = from_source)
), ranked AS MATERIALIZED (
    -- long texts hold more of everything: pivoted length normalisation (Singhal 1996), slope 0.2, pivot 8,000 characters
    SELECT head, version_id, score / (0.8 + 0.2 * n_chars / 8000) AS score
    FROM scored JOIN heads USING (version_id)
    ORDER BY score DESC, version_id
    LIMIT top + (SELECT max(n_spare) FROM terms)
), patterns AS MATERIALIZED (
    SELECT list(pattern) FILTER (NOT is_not) AS every, list(pattern) FILTER (is_not) AS none
    FROM (SELECT group_no, is_not, '(?i)' || string_agg(pattern, '|') AS pattern FROM terms GROUP BY group_no, is_not)
), texts AS MATERIALIZED (
    SELECT version_id, string_agg(piece, '' ORDER BY place) AS text
    FROM search_texts WHERE version_id IN (SELECT version_id FROM ranked) GROUP BY version_id
), checked AS (
    SELECT k.score, k.version_id, h.report_id, h.title, h.publisher, h.published_on, h.year, h.region, h.source, h.url, v.text,
        '(?i)(' || array_to_string(list_transform(p.every, lambda x: substr(x, 5)), '|') || ')' AS any_word
    FROM ranked k JOIN texts v ON v.version_id = k.version_id JOIN report_heads h ON h.rowid = k.head, patterns p
    WHERE len(list_filter(p.every, lambda x: NOT regexp_matches(h.title || chr(10) || v.text, x))) = 0
        AND len(list_filter(coalesce(p.none, []), lambda x: regexp_matches(h.title || chr(10) || v.text, x))) = 0
)
SELECT report_id, round(score, 3) AS score, title, publisher, published_on, year, region, source, url,
    regexp_replace(
        regexp_replace(substr(text, greatest(instr(text, regexp_extract(text, any_word)) - 30, 1), 90), '\s+', ' ', 'g'),
        any_word, '【\1】', 'g') AS snippet
FROM checked ORDER BY checked.score DESC, version_id LIMIT (
    SELECT CASE WHEN max(len(bigrams)) = 0
        THEN error('检索词至少两个字：search needs a word of two characters or more; grep(''茶'') reads every text for one')
        ELSE top END
    FROM terms WHERE NOT is_not
);
