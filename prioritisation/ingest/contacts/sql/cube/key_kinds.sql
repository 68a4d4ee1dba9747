-- People of each partner by kind of key: only keys of one kind can match.
SELECT u.partner, p.key_kind, count(DISTINCT u.person_id) AS people
FROM use_of_service AS u
JOIN known AS k ON k.side = u.side AND k.person_id = u.person_id
JOIN person AS p ON p.person_id = u.person_id
WHERE u.side = 'everyone' AND u.contacts IS NOT NULL
GROUP BY u.partner, p.key_kind;
