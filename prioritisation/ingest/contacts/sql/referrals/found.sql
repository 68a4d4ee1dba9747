-- Everybody of a cohort who is in contact now, in some data zones or anywhere, with the partners in contact and those
-- of them that have sent a present key. Without a mapped area: anywhere only.
SELECT p.person AS second, p.key_kind, any_value(k.contacts) AS contacts,
       list_sort(list(DISTINCT u.partner)) AS partners,
       coalesce(list_sort(list(DISTINCT u.partner) FILTER (n.second IS NOT NULL)), []) AS reached_by
FROM known AS k
JOIN in_cohort AS c ON c.side = k.side AND c.person_id = k.person_id
JOIN use_of_service AS u ON u.side = k.side AND u.person_id = k.person_id AND u.contacts IS NOT NULL
JOIN person AS p ON p.person_id = k.person_id
LEFT JOIN present_key AS n ON n.partner = u.partner AND n.key_kind = p.key_kind AND n.second = p.person
WHERE k.side = 'everyone' AND k.recent AND c.cohort = $cohort AND ($anywhere OR list_contains($zones, k.zone))
GROUP BY p.person, p.key_kind
ORDER BY p.person, p.key_kind;
