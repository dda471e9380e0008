-- What does the archive hold? One row per report, as last read, with its text. | 馆藏报告：每份报告一行，含全文
CREATE OR REPLACE VIEW reports AS
SELECT h.report_id, h.source, h.url, h.part, h.n_parts, h.title, h.published_on, h.written_on, h.publisher,
    h.source_line, h.index_no, h.doc_no, h.category, h.validity, h.keywords, h.site_id_code, h.site_name,
    h.column_name, h.source_kind, h.is_truncated, h.truncation_cue, h.truncation_shown, h.truncation_total,
    h.truncation_unit, h.is_cut_mid_sentence, h.is_preface_removed, h.title_matches_text, h.origins,
    h.unknown_labels, h.n_chars, h.version, h.version_id, h.first_seen_at, h.last_seen_at, h.captured_at,
    h.extractor_version, h.rules_version, h.run_id, h.warc_file, h.warc_offset, h.warc_digest, v.text
FROM report_heads h JOIN report_versions v ON v.version_id = h.version_id
WHERE h.withdrawn_at IS NULL;
