-- How many people each cohort has, and each two have together (first = second: its size).
SELECT a.cohort AS first, b.cohort AS second, count(*) AS people
FROM in_cohort AS a JOIN in_cohort AS b ON a.side = b.side AND a.person_id = b.person_id AND a.cohort <= b.cohort
WHERE a.side = 'everyone'
GROUP BY a.cohort, b.cohort;
