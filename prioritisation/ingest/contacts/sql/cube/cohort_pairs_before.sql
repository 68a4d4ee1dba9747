-- How many people each published cohort had at the releases at which cells of it were last refreshed (cohort: ''), and
-- how many of them each cohort has now.
WITH published AS (
    SELECT DISTINCT regexp_extract(cell, '(^|;)cohort=([^;]*)', 2) AS cohort, release_id
    FROM held WHERE contains(cell, 'cohort=')
), had AS (
    SELECT p.cohort, p.release_id, s.person
    FROM published AS p JOIN snapshot AS s ON s.release_id = p.release_id AND list_contains(s.cohorts, p.cohort)
), has AS (
    SELECT m.cohort, p.person
    FROM in_cohort AS m JOIN person AS p ON p.person_id = m.person_id
    WHERE m.side = 'everyone'
)
SELECT cohort AS published, release_id, '' AS cohort, count(*) AS people FROM had GROUP BY cohort, release_id
UNION ALL
SELECT had.cohort, had.release_id, has.cohort, count(*)
FROM had JOIN has ON has.person = had.person
GROUP BY had.cohort, had.release_id, has.cohort
ORDER BY 1, 2, 3;
