-- Under which numbers do a word's pairs of characters stand in search_postings? | 词的二字组编码（见 search_postings）
CREATE OR REPLACE MACRO packed_bigrams(word_text) AS list_distinct(list_transform(
    list_filter(
        -- as the loader: letters, digits and Han characters of the Basic Multilingual Plane, both of them
        list_zip(string_split(regexp_replace(word_text, '[^\p{L}\p{N}]', ' ', 'g'), ''),
            string_split(regexp_replace(word_text, '[^\p{L}\p{N}]', ' ', 'g'), '')[2:]),
        lambda pair: ord(pair[1]) BETWEEN 33 AND 65535 AND ord(pair[2]) BETWEEN 33 AND 65535
    ),
    lambda pair: (ord(pair[1]) * 65536::BIGINT + ord(pair[2]))::UINTEGER
));
