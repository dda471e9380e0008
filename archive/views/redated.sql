-- Which page shows a copy of another report under another year or with masked figures? | 改年份、隐去数字的转载：哪一页抄自哪一份报告
CREATE OR REPLACE VIEW redated AS
SELECT c.report_id AS copy_id, c.title AS copy_title, c.source AS copy_source, c.url AS copy_url,
    c.published_on AS copy_published_on, claimed.year AS copy_year,
    o.report_id AS original_id, o.title AS original_title, o.publisher AS original_publisher, o.url AS original_url,
    o.published_on AS original_published_on, o.year AS original_year,
    claimed.year IS DISTINCT FROM o.year AND claimed.year IS NOT NULL AS is_other_year,
    coalesce(c.masked_ratio, 0) > coalesce(o.masked_ratio, 0) AS figures_masked, c.masked_ratio,
    c.redated AS redated_tag, c.true_year_lo, c.true_year_hi,
    d.similarity, d.relation, d.evidence, d.n_figures_agree, d.n_figures_conflict
FROM families f
JOIN report_heads c ON c.report_id = f.report_id
JOIN report_heads o ON o.report_id = f.canonical_id
LEFT JOIN duplicates d ON d.a = least(f.report_id, f.canonical_id) AND d.b = greatest(f.report_id, f.canonical_id),
LATERAL (
    -- what the copy says of itself: its tags, else the first year in its title
    SELECT coalesce(c.year, try_cast(nullif(regexp_extract(c.title, '(?:19|20)[0-9]{2}'), '') AS INTEGER)) AS year
) claimed
WHERE f.report_id <> f.canonical_id AND c.withdrawn_at IS NULL AND o.withdrawn_at IS NULL
    AND ((claimed.year IS NOT NULL AND o.year IS NOT NULL AND claimed.year <> o.year)
        OR coalesce(c.masked_ratio, 0) > coalesce(o.masked_ratio, 0) OR c.redated = 'conflict');
