-- Which pattern finds a word in whatever script and width it is written? | 词的匹配模式：兼容繁简与全半角
CREATE OR REPLACE MACRO searched_as(word_text) AS (
    SELECT array_to_string(list_transform(
        string_split(word_text, ''),
        lambda letter: CASE WHEN regexp_matches(letter, '[[:alnum:]]|[^[:ascii:]]')
            THEN '[' || letter || array_to_string(regexp_extract_all(pairs, '(\S)' || letter, 1), '') || ']'
            ELSE '\' || letter END
    ), '')
    FROM (SELECT string_agg(shown || folded, ' ') AS pairs FROM search_folding)
);
