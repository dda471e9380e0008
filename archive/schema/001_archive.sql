-- The archive as loaded: who was asked, what came back, which reports it held and what was read from them.
-- No primary keys and no indexes: uniqueness is the loader's work (see archive/warehouse/load.py), because an
-- index makes every small append rewrite a whole row group. Times are UTC in plain TIMESTAMP, so that a
-- Python client reads them without a time zone library. What each column means: comments.toml, beside this file.

CREATE TABLE ledger (
    key VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL,
    n_captures INTEGER, n_listed INTEGER, n_readings INTEGER, n_rejections INTEGER
);

CREATE TABLE sources (
    name VARCHAR NOT NULL,
    title VARCHAR, kind VARCHAR, columns VARCHAR[], at_least INTEGER, schedule VARCHAR, family VARCHAR,
    title_filter VARCHAR, region VARCHAR, publisher VARCHAR, collect BOOLEAN, reason VARCHAR, seen_at VARCHAR,
    notes VARCHAR, saved_at TIMESTAMP
);

CREATE TABLE crawl_runs (
    run_id VARCHAR NOT NULL, source VARCHAR NOT NULL,
    started_at TIMESTAMP, ended_at TIMESTAMP, state VARCHAR, stop_reason VARCHAR, end_reached BOOLEAN,
    pages_listed INTEGER, rows_seen INTEGER, rows_new INTEGER, rows_known INTEGER, rows_filtered INTEGER,
    n_fetched INTEGER, n_unchanged INTEGER, n_gone INTEGER, n_blocked INTEGER, n_errors INTEGER, n_bytes BIGINT,
    n_reports INTEGER, n_new_reports INTEGER, n_rejected INTEGER, family VARCHAR, message VARCHAR,
    flow_run_id VARCHAR, flow_run_url VARCHAR
);

CREATE TABLE listed (
    run_id VARCHAR NOT NULL, source VARCHAR NOT NULL, column_url VARCHAR, url VARCHAR NOT NULL, title VARCHAR,
    date DATE, page_no INTEGER, decision VARCHAR, reason VARCHAR, seen_at TIMESTAMP
);

CREATE TABLE captures (
    run_id VARCHAR NOT NULL, source VARCHAR NOT NULL, url VARCHAR NOT NULL, kind VARCHAR, status INTEGER,
    outcome VARCHAR, fetched_at TIMESTAMP, detail VARCHAR, final_url VARCHAR, parent_url VARCHAR,
    content_type VARCHAR, etag VARCHAR, last_modified VARCHAR, digest VARCHAR, n_bytes BIGINT,
    warc_file VARCHAR, warc_offset BIGINT, list_title VARCHAR, list_date DATE
);

CREATE TABLE pages (
    url VARCHAR NOT NULL, source VARCHAR, kind VARCHAR, status INTEGER, outcome VARCHAR, detail VARCHAR,
    etag VARCHAR, last_modified VARCHAR, digest VARCHAR,
    first_seen_at TIMESTAMP, last_seen_at TIMESTAMP, last_asked_at TIMESTAMP, last_changed_at TIMESTAMP,
    interval_days INTEGER, next_due_at TIMESTAMP, gone_at TIMESTAMP
);

CREATE TABLE report_heads (
    report_id VARCHAR NOT NULL, url VARCHAR NOT NULL, part INTEGER, n_parts INTEGER, source VARCHAR,
    title VARCHAR, published_on DATE, written_on DATE, publisher VARCHAR, source_line VARCHAR,
    index_no VARCHAR, doc_no VARCHAR, category VARCHAR, validity VARCHAR, keywords VARCHAR[],
    site_id_code VARCHAR, site_name VARCHAR, column_name VARCHAR, source_kind VARCHAR,
    is_truncated BOOLEAN, truncation_cue VARCHAR, truncation_shown INTEGER, truncation_total INTEGER,
    truncation_unit VARCHAR, is_cut_mid_sentence BOOLEAN, is_preface_removed BOOLEAN, title_matches_text BOOLEAN,
    origins MAP(VARCHAR, VARCHAR), unknown_labels VARCHAR[],
    -- typed columns of the tags (archive/warehouse/facets.py)
    report_types VARCHAR[], period_start DATE, period_end DATE, period_source VARCHAR, plan_year VARCHAR,
    year INTEGER, region VARCHAR, region_at_time VARCHAR, region_level VARCHAR, region_path VARCHAR, sector VARCHAR,
    publisher_level VARCHAR, provenance VARCHAR, policy_terms VARCHAR[], masked_ratio DOUBLE, mask_kinds VARCHAR[],
    damage VARCHAR[], is_tagged_truncated BOOLEAN, shown_ratio DOUBLE, true_year_lo INTEGER, true_year_hi INTEGER,
    redated VARCHAR,
    n_chars INTEGER, version INTEGER, version_id UINTEGER, reading_digest VARCHAR,
    first_seen_at TIMESTAMP, last_seen_at TIMESTAMP, captured_at TIMESTAMP, withdrawn_at TIMESTAMP,
    extractor_version VARCHAR, rules_version VARCHAR, run_id VARCHAR,
    warc_file VARCHAR, warc_offset BIGINT, warc_digest VARCHAR
);

-- Only ever appended to: an UPDATE of scattered texts would rewrite the whole compressed column.
CREATE TABLE report_versions (
    version_id UINTEGER NOT NULL, report_id VARCHAR NOT NULL, version INTEGER NOT NULL, cause VARCHAR,
    seen_at TIMESTAMP, title VARCHAR, published_on DATE, text_digest VARCHAR, n_chars INTEGER,
    extractor_version VARCHAR, run_id VARCHAR, warc_file VARCHAR, warc_offset BIGINT, warc_digest VARCHAR,
    text VARCHAR USING COMPRESSION zstd
);

CREATE TABLE rejections (
    url VARCHAR NOT NULL, source VARCHAR, run_id VARCHAR, reason VARCHAR, detail VARCHAR, title VARCHAR,
    rejected_at TIMESTAMP, warc_file VARCHAR, warc_offset BIGINT, warc_digest VARCHAR
);

CREATE TABLE attachments (
    report_id VARCHAR NOT NULL, ordinal INTEGER, url VARCHAR, caption VARCHAR, format VARCHAR, note VARCHAR,
    n_bytes BIGINT, digest VARCHAR, text VARCHAR USING COMPRESSION zstd
);

CREATE TABLE tags (
    report_id VARCHAR NOT NULL, name VARCHAR, value VARCHAR, confidence DOUBLE, method VARCHAR, field VARCHAR,
    span_start INTEGER, span_end INTEGER, detail VARCHAR, rules_version VARCHAR
);

CREATE TABLE sections (
    report_id VARCHAR NOT NULL, ordinal INTEGER, level INTEGER, label VARCHAR, title VARCHAR, is_run_in BOOLEAN,
    parent INTEGER, span_start INTEGER, span_end INTEGER, rules_version VARCHAR
);

CREATE TABLE indicators (
    report_id VARCHAR NOT NULL, name VARCHAR, value DOUBLE, unit VARCHAR, value_high DOUBLE, qualifier VARCHAR,
    comparison VARCHAR, base VARCHAR, period VARCHAR, modality VARCHAR, section INTEGER, method VARCHAR,
    confidence DOUBLE, span_start INTEGER, span_end INTEGER, rules_version VARCHAR
);

CREATE TABLE citations (
    report_id VARCHAR NOT NULL, kind VARCHAR, value VARCHAR, year INTEGER, method VARCHAR, confidence DOUBLE,
    span_start INTEGER, span_end INTEGER, rules_version VARCHAR
);

-- Search: two neighbouring characters packed into one number (first * 65536 + second), without a dictionary.
CREATE TABLE search_postings (bigram UINTEGER NOT NULL, version_id UINTEGER NOT NULL, n UTINYINT, in_title BOOLEAN);

CREATE TABLE search_folding (shown VARCHAR NOT NULL, folded VARCHAR NOT NULL);

CREATE TABLE archive_facts (name VARCHAR NOT NULL, value VARCHAR);
