-- Which reports are there, with every tag as a column of its type? | 报告宽表：每个标签各成一列
CREATE OR REPLACE VIEW reports_wide AS
SELECT h.report_id, h.source, h.source_kind, h.url, h.part, h.n_parts, h.title, h.published_on, h.written_on,
    h.publisher, h.index_no, h.doc_no, h.category, h.site_id_code,
    h.report_types, h.year, h.period_start, h.period_end, h.period_source, h.plan_year,
    h.region, h.region_at_time, h.region_level, h.region_path, h.sector, h.publisher_level, h.provenance,
    h.policy_terms, h.masked_ratio, h.mask_kinds, h.damage,
    coalesce(h.is_tagged_truncated, h.is_truncated) AS is_truncated, h.shown_ratio,
    h.true_year_lo, h.true_year_hi, h.redated,
    coalesce(f.canonical_id, h.report_id) AS canonical_id,
    coalesce(f.canonical_id = h.report_id, true) AS is_canonical,
    h.n_chars, h.version, h.first_seen_at, h.last_seen_at, p.gone_at, h.rules_version, h.version_id
FROM report_heads h
LEFT JOIN families f ON f.report_id = h.report_id
LEFT JOIN (
    -- few pages are gone: a look-up reads no other url. (The empty row: DuckDB 2.0 forgets a LIMIT where this side is empty.)
    SELECT url, gone_at FROM pages WHERE gone_at IS NOT NULL UNION ALL SELECT NULL, NULL
) p ON p.url = h.url
WHERE h.withdrawn_at IS NULL;
