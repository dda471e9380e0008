-- Duplicates: stored fingerprints, what is boilerplate, which reports are related, and their families.
-- Narrow and without indexes, because a million reports have 110 million hashes: a number stands for a report,
-- rows are only appended, and one hash join finds the candidates of a whole batch.

CREATE TABLE compared_texts (
    doc_no UINTEGER NOT NULL, report_id VARCHAR NOT NULL, fingerprint_version VARCHAR, n_hashes UINTEGER,
    exact_digest UBIGINT, body BLOB
);
CREATE TABLE fingerprints (doc_no UINTEGER NOT NULL, hash UBIGINT NOT NULL);
CREATE TABLE unsettled (report_id VARCHAR NOT NULL);
CREATE TABLE boilerplate (hash UBIGINT NOT NULL, n_groups UINTEGER);
CREATE TABLE duplicates (
    a VARCHAR NOT NULL, b VARCHAR NOT NULL, relation VARCHAR NOT NULL, similarity DOUBLE,
    coverage_a DOUBLE, coverage_b DOUBLE, verbatim_a DOUBLE, verbatim_b DOUBLE,
    rewritten_ratio DOUBLE, n_figures_agree INTEGER, n_figures_conflict INTEGER,
    spans INTEGER[4][], evidence VARCHAR, version VARCHAR
);
CREATE TABLE families (report_id VARCHAR NOT NULL, canonical_id VARCHAR NOT NULL, reason VARCHAR, adds VARCHAR);

COMMENT ON TABLE compared_texts IS 'One row per report that was compared: its number in fingerprints and its text, packed · 参与比对的报告：指纹表中的编号与压缩正文';
COMMENT ON COLUMN compared_texts.doc_no IS 'Number of the report in fingerprints, in order of arrival · 指纹表中的编号，按入库先后';
COMMENT ON COLUMN compared_texts.report_id IS 'The report, as in reports · 报告编号';
COMMENT ON COLUMN compared_texts.fingerprint_version IS 'Version of the rule that made the fingerprint · 指纹规则版本';
COMMENT ON COLUMN compared_texts.n_hashes IS 'Number of its rows in fingerprints · 指纹个数';
COMMENT ON COLUMN compared_texts.exact_digest IS 'Digest of the text without layout, width and script: equal means the same text · 去除版式、全半角、繁简差异后的正文摘要';
COMMENT ON COLUMN compared_texts.body IS 'The text, zlib: read by the hundred without touching the text column · 压缩正文';
COMMENT ON TABLE fingerprints IS 'Hashes of a fixed sample of each report''s runs of 8 Han characters · 抽样指纹：连续8个汉字的散列值';
COMMENT ON COLUMN fingerprints.doc_no IS 'The report, as in compared_texts · 报告在 compared_texts 中的编号';
COMMENT ON COLUMN fingerprints.hash IS '48-bit hash of a run of 8 folded Han characters · 8字串散列值（48位）';
COMMENT ON TABLE unsettled IS 'Reports whose relations the next run must find anew: new, changed, or kin of one that left · 待比对的报告';
COMMENT ON COLUMN unsettled.report_id IS 'The report, as in reports · 报告编号';
COMMENT ON TABLE boilerplate IS 'Hashes of passages that unrelated reports share; they count for nothing in comparison · 套话：互不相关的报告共有的文字，比对时不计';
COMMENT ON COLUMN boilerplate.hash IS 'A hash, as in fingerprints · 散列值';
COMMENT ON COLUMN boilerplate.n_groups IS 'In how many unrelated groups of reports it stands · 出现于多少组互不相关的报告';
COMMENT ON TABLE duplicates IS 'Pairs of reports that share text, each pair once, a < b · 报告两两关系，每对一行';
COMMENT ON COLUMN duplicates.a IS 'The first report · 报告甲';
COMMENT ON COLUMN duplicates.b IS 'The second report · 报告乙';
COMMENT ON COLUMN duplicates.relation IS 'How a stands to b: same, contains, part_of, edition (same words, other figures), overlaps · 甲与乙的关系：相同、包含、属于、不同年版、部分重合';
COMMENT ON COLUMN duplicates.similarity IS 'Mean of the two coverages, 0-1 · 相似度';
COMMENT ON COLUMN duplicates.coverage_a IS 'Share of a that stands in b, small differences bridged · 甲文被乙文覆盖的比例';
COMMENT ON COLUMN duplicates.coverage_b IS 'Share of b that stands in a · 乙文被甲文覆盖的比例';
COMMENT ON COLUMN duplicates.verbatim_a IS 'Share of a''s runs of 6 characters that stand in b unchanged · 甲文逐字见于乙文的比例';
COMMENT ON COLUMN duplicates.verbatim_b IS 'Share of b''s runs of 6 characters that stand in a unchanged · 乙文逐字见于甲文的比例';
COMMENT ON COLUMN duplicates.rewritten_ratio IS 'Share of the common stretch whose words the other text replaced, 0-1 · 共有部分中被改写的比例';
COMMENT ON COLUMN duplicates.n_figures_agree IS 'Places with the same figure in both · 同一位置数字一致的处数';
COMMENT ON COLUMN duplicates.n_figures_conflict IS 'Places with another figure in each · 同一位置数字不同的处数';
COMMENT ON COLUMN duplicates.spans IS 'Shared passages [start in a, end in a, start in b, end in b], in characters · 共有段落的起止位置';
COMMENT ON COLUMN duplicates.evidence IS 'The same in words · 判定依据';
COMMENT ON COLUMN duplicates.version IS 'Version of the rules that decided · 规则版本';
COMMENT ON TABLE families IS 'Every compared report and the canonical report of its family; a report without copies is its own · 每份报告及其所属同文族的代表文本';
COMMENT ON COLUMN families.report_id IS 'The report · 报告编号';
COMMENT ON COLUMN families.canonical_id IS 'The report that stands for the family · 代表文本的报告编号';
COMMENT ON COLUMN families.reason IS 'Why that one · 选为代表文本的理由';
COMMENT ON COLUMN families.adds IS 'What this report has that the canonical one lacks · 本文有而代表文本没有的内容';
