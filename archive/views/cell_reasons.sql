-- Which listed rows did not become a report, and why? | 列表中有而未成为馆藏报告的条目及原因
CREATE OR REPLACE VIEW cell_reasons AS
WITH rows_seen AS (
    SELECT url, arg_max(source, seen_at) AS source, arg_max(title, seen_at) AS title, max(date) AS date,
        arg_max(decision, seen_at) AS decision, max(seen_at) AS seen_at
    FROM listed
    WHERE url NOT IN (SELECT url FROM report_heads WHERE withdrawn_at IS NULL)
    GROUP BY url
), missing AS (
    SELECT l.*, p.outcome, p.url IS NOT NULL AS was_asked, j.reason AS rejected_as
    FROM rows_seen l
    LEFT JOIN pages p ON p.url = l.url
    LEFT JOIN rejections j ON j.url = l.url
)
SELECT source, url, title, date AS listed_on, seen_at AS last_listed_at,
    -- the year in the title, else the year before the date: reports are written at the turn of the year
    coalesce(try_cast(nullif(regexp_extract(title, '(?:19|20)[0-9]{2}'), '') AS INTEGER), year(date) - 1) AS year,
    CASE
        -- a notice that asks for reports is none, whatever words it holds
        WHEN regexp_matches(title, '通知|公告|公示|会议|招聘|征求|解读') THEN 'other'
        WHEN contains(title, '政府工作报告') THEN 'gwr'
        WHEN regexp_matches(title, '述职|述廉') THEN 'duty'
        WHEN regexp_matches(title, '总结|汇报|报告') THEN 'annual'
        WHEN regexp_matches(title, '计划|要点|思路|打算|安排') THEN 'plan'
        ELSE 'other'
    END AS report_type,
    CASE
        WHEN rejected_as IN ('challenge', 'login') OR outcome = 'blocked' THEN 'blocked'
        WHEN rejected_as IS NOT NULL THEN 'rejected: ' || rejected_as
        WHEN outcome IN ('robots', 'refused', 'too_large', 'gone', 'error') THEN 'not fetched: ' || outcome
        WHEN decision IN ('filtered', 'outside') THEN 'out of scope'
        WHEN decision IN ('before_since', 'budget') OR NOT was_asked THEN 'listed, not fetched'
        ELSE 'not read yet'
    END AS reason
FROM missing;
