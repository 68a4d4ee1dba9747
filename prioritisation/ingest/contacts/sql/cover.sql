-- The services and months that a new extract covers, from its first month to its last.
INSERT INTO cover
SELECT s.service, m.month
FROM (SELECT unnest($services) AS service) AS s
CROSS JOIN (
    SELECT CAST(unnest(generate_series(CAST($first AS DATE), CAST($last AS DATE), INTERVAL 1 MONTH)) AS DATE) AS month
) AS m
WHERE NOT EXISTS (SELECT 1 FROM cover AS c WHERE c.service = s.service AND c.month = m.month);
