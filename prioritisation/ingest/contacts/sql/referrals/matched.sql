-- Of the people whom each partner is in contact with: how many there are, and how many it has sent a present key for.
SELECT u.partner, count(DISTINCT u.person_id) AS people,
       count(DISTINCT u.person_id) FILTER (n.second IS NOT NULL) AS matched
FROM use_of_service AS u
JOIN known AS k ON k.side = u.side AND k.person_id = u.person_id
JOIN person AS p ON p.person_id = u.person_id
LEFT JOIN present_key AS n ON n.partner = u.partner AND n.key_kind = p.key_kind AND n.second = p.person
WHERE u.side = 'everyone' AND u.contacts IS NOT NULL
GROUP BY u.partner
ORDER BY u.partner;
