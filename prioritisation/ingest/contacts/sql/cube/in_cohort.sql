-- Who is in which saved cohort: everybody who meets all of its conditions, each at least so many of its values.
INSERT INTO in_cohort
SELECT 'everyone', met.person_id, met.cohort
FROM (
    SELECT c.cohort, c.condition, a.person_id
    FROM condition_of AS c
    JOIN (
        SELECT person_id, 'age' AS attribute, age AS value FROM known WHERE side = 'everyone' AND recent
        UNION ALL
        SELECT person_id, 'sex', sex FROM known WHERE side = 'everyone' AND recent
        UNION ALL
        SELECT person_id, 'contacts_band', contacts_band FROM known WHERE side = 'everyone' AND recent
        UNION ALL
        SELECT person_id, 'services', service FROM use_of_service WHERE side = 'everyone' AND contacts IS NOT NULL
        UNION ALL
        SELECT DISTINCT person_id, 'partners', partner FROM use_of_service WHERE side = 'everyone' AND contacts IS NOT NULL
        UNION ALL
        SELECT person_id, 'flags', flag FROM has_flag WHERE side = 'everyone' AND recent
    ) AS a ON a.attribute = c.attribute AND a.value = c.value
    JOIN condition_needs AS n ON n.cohort = c.cohort AND n.condition = c.condition
    GROUP BY c.cohort, c.condition, a.person_id, n.at_least
    HAVING count(*) >= n.at_least
) AS met
JOIN (SELECT cohort, count(*) AS conditions FROM condition_needs GROUP BY cohort) AS whole ON whole.cohort = met.cohort
JOIN known AS k ON k.side = 'everyone' AND k.person_id = met.person_id
GROUP BY met.person_id, met.cohort, whole.conditions
HAVING count(*) = whole.conditions;
