-- What did the archive hold at a moment (UTC)? SELECT * FROM as_of('2026-11-01') | 某一时刻的馆藏（世界时）
CREATE OR REPLACE MACRO as_of(moment) AS TABLE
SELECT v.report_id, h.source, h.url, h.part, v.title, v.published_on, h.publisher, h.index_no, h.doc_no, v.version,
    v.version = h.version AS is_current, v.seen_at, v.n_chars, v.extractor_version, v.warc_file, v.warc_offset, v.text
FROM (
    SELECT report_id, max(version) AS version FROM report_versions
    WHERE seen_at <= moment::TIMESTAMP GROUP BY report_id
) latest
JOIN report_versions v ON v.report_id = latest.report_id AND v.version = latest.version
JOIN report_heads h ON h.report_id = v.report_id
WHERE h.withdrawn_at IS NULL OR h.withdrawn_at > moment::TIMESTAMP;
