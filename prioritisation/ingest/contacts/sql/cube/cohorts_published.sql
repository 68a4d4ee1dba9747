-- Every cohort that a release has counted, with its rule; no rule: an earlier version did not keep it.
SELECT h.cohort, p.rule
FROM (
    SELECT DISTINCT regexp_extract(cell, '(^|;)cohort=([^;]*)', 2) AS cohort FROM held WHERE contains(cell, 'cohort=')
    UNION
    SELECT cohort FROM published_cohort
) AS h
LEFT JOIN published_cohort AS p ON p.cohort = h.cohort
ORDER BY h.cohort;
