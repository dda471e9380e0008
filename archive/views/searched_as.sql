-- Which pattern finds a word in whatever script and width it is written? | 词的匹配模式：兼容繁简与全半角
CREATE OR REPLACE MACRO searched_as(word_text) AS (
    SELECT coalesce(string_agg(
        CASE WHEN regexp_matches(c.letter, '[\p{L}\p{N}]') THEN '[' || c.letter || coalesce(f.twins, '') || ']'
            -- RE2 takes a backslash before the punctuation of ASCII only, not before 〔 or 《
            WHEN ord(c.letter) < 128 THEN '\' || c.letter ELSE c.letter END, '' ORDER BY c.place), '')
    FROM (
        SELECT unnest(string_split(word_text, '')) AS letter,
            generate_subscripts(string_split(word_text, ''), 1) AS place
    ) c LEFT JOIN (SELECT folded AS plain, string_agg(shown, '') AS twins FROM search_folding GROUP BY folded) f
        ON f.plain = c.letter
);
