-- How is this text searched: half width, simplified, lower case? | 检索用的字形：半角、简体、小写
CREATE OR REPLACE MACRO folded(shown_text) AS (
    SELECT coalesce(string_agg(coalesce(f.folded, c.letter), '' ORDER BY c.place), '')
    FROM (
        SELECT unnest(string_split(lower(shown_text), '')) AS letter,
            generate_subscripts(string_split(lower(shown_text), ''), 1) AS place
    ) c LEFT JOIN search_folding f ON f.shown = c.letter
);
