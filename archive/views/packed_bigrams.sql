-- Under which numbers do a word's pairs of characters stand in search_postings? | 词的二字组编码（见 search_postings）
CREATE OR REPLACE MACRO packed_bigrams(word_text) AS list_distinct(list_transform(
    list_filter(
        range(1, len(word_text)),
        -- as the loader: letters, digits and Han characters of the Basic Multilingual Plane, both of them
        lambda i: regexp_matches(substr(word_text, i, 2), '^[\p{L}\p{N}]{2}$') AND ord(substr(word_text, i, 1)) < 65536
            AND ord(substr(word_text, i + 1, 1)) < 65536
    ),
    lambda i: (ord(substr(word_text, i, 1)) * 65536::BIGINT + ord(substr(word_text, i + 1, 1)))::UINTEGER
));
