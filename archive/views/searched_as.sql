-- Which pattern finds a word in whatever script and width it is written? | 词的匹配模式：兼容繁简与全半角
CREATE OR REPLACE MACRO searched_as(word_text) AS (
    SELECT array_to_string(list_transform(
        string_split(known.word, ''),
        lambda letter: CASE WHEN regexp_matches(letter, '[[:alnum:]]|[^[:ascii:]]')
            THEN '[' || letter || array_to_string(regexp_extract_all(known.pairs, '(\S)' || letter, 1), '') || ']'
            ELSE '\' || letter END
    ), '')
    -- DuckDB 1.5 finds nothing of this table in the lambda unless the word is of it as well
    FROM (SELECT word_text AS word, string_agg(shown || folded, ' ') AS pairs FROM search_folding) known
);
