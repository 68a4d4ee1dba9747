-- All that decides in which cells a person is counted, one row each. *_earlier: in 36 months, but not in the last 12.
CREATE OR REPLACE TEMP TABLE signature AS
SELECT k.person_id, p.person, k.zone, k.age, k.sex, k.recent, k.contacts_band, k.partners_band, b.cost_band,
       u.services, u.services_earlier, f.flags, f.flags_earlier, c.cohorts
FROM known AS k
JOIN person AS p ON p.person_id = k.person_id
LEFT JOIN (
    SELECT person_id,
           list_sort(array_agg(service) FILTER (WHERE contacts IS NOT NULL)) AS services,
           list_sort(array_agg(service) FILTER (WHERE contacts IS NULL)) AS services_earlier
    FROM use_of_service WHERE side = 'everyone' GROUP BY person_id
) AS u ON u.person_id = k.person_id
LEFT JOIN (
    SELECT person_id,
           list_sort(array_agg(flag) FILTER (WHERE recent)) AS flags,
           list_sort(array_agg(flag) FILTER (WHERE NOT recent)) AS flags_earlier
    FROM has_flag WHERE side = 'everyone' GROUP BY person_id
) AS f ON f.person_id = k.person_id
LEFT JOIN (
    SELECT person_id, list_sort(array_agg(cohort)) AS cohorts
    FROM in_cohort WHERE side = 'everyone' GROUP BY person_id
) AS c ON c.person_id = k.person_id
LEFT JOIN in_cost_band AS b ON b.side = 'everyone' AND b.person_id = k.person_id
WHERE k.side = 'everyone';
