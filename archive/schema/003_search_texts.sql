-- Search reads ten texts an answer. In the long compressed column each costs the unpacking of 2,048 texts (10 ms and
-- more); in short pieces it costs that of 2,048 pieces, a twentieth. Whole scans read the long column.
CREATE TABLE search_texts (version_id UINTEGER NOT NULL, place UINTEGER NOT NULL, piece VARCHAR USING COMPRESSION zstd);

INSERT INTO search_texts
SELECT version_id, place, substr(text, place * 128 + 1, 128)
FROM (
    SELECT version_id, text, unnest(range(0, (length(text) + 127) // 128)) AS place
    FROM report_versions WHERE version_id IN (SELECT version_id FROM report_heads)
)
ORDER BY version_id, place;
