-- Which pattern finds a word in whatever script and width it is written? | 词的匹配模式：兼容繁简与全半角
--
-- `twins` is search_folding as one text of pairs, shown character before folded. (It is an argument because DuckDB 1.5
-- does not see the columns of a subquery from within a lambda.)
CREATE OR REPLACE MACRO searched_as(word_text, twins) AS array_to_string(list_transform(
    string_split(word_text, ''),
    lambda letter: CASE WHEN regexp_matches(letter, '[[:alnum:]]|[^[:ascii:]]')
        THEN '[' || letter || array_to_string(regexp_extract_all(twins, '(\S)' || letter, 1), '') || ']'
        ELSE '\' || letter END
), '');
