-- Which services each person has used in 36 months. contacts, cost: of the last 12 months; NULL: none in those.
INSERT INTO use_of_service
SELECT 'everyone', c.person_id, c.service, s.partner, c.contacts, c.cost
FROM (
    SELECT person_id, service,
           sum(CASE WHEN month >= $from_12 THEN contacts END) AS contacts,
           sum(CASE WHEN month >= $from_12 THEN cost END) AS cost
    FROM contact
    WHERE month >= $from_36 AND month <= $until
    GROUP BY person_id, service
) AS c
JOIN service_of AS s ON s.service = c.service;
