-- Search reads each run of sorted postings once. A run holds the postings of neighbouring versions, ordered by pair and
-- version; runs grow by merging with their neighbours (archive/warehouse/runs.py) up to some 131,072 versions.
CREATE TABLE search_runs (first_version UINTEGER NOT NULL, last_version UINTEGER NOT NULL);

CREATE TEMP TABLE unsorted_postings AS
SELECT * FROM search_postings WHERE version_id IN (SELECT version_id FROM report_heads);
DELETE FROM search_postings;
INSERT INTO search_postings
SELECT * FROM unsorted_postings ORDER BY version_id // 131072, bigram, version_id;
INSERT INTO search_runs
SELECT min(version_id), max(version_id) FROM search_postings GROUP BY version_id // 131072 ORDER BY 1;
DROP TABLE unsorted_postings;
DELETE FROM archive_facts WHERE name = 'sorted_postings';

-- Pieces that are unpacked one by one cost a search a third of those that are unpacked by 2,048, and a sixth more space.
CREATE TABLE search_pieces (
    version_id UINTEGER NOT NULL, place UINTEGER NOT NULL, piece VARCHAR USING COMPRESSION dict_fsst
);
INSERT INTO search_pieces SELECT * FROM search_texts;
DROP TABLE search_texts;
ALTER TABLE search_pieces RENAME TO search_texts;
