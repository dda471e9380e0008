-- How is this text searched: half width, simplified, lower case? | 检索用的字形：半角、简体、小写
CREATE OR REPLACE MACRO folded(shown_text) AS (
    SELECT translate(lower(shown_text), f.shown, f.folded)
    FROM (SELECT string_agg(shown, '') AS shown, string_agg(folded, '') AS folded FROM search_folding) f
);
