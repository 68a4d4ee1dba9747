-- The costliest people who together make up half of the cost, those who make up the next 15%, and so on.
INSERT INTO in_cost_band
SELECT 'everyone', person_id,
       CASE WHEN dearer < 0.50 * total THEN '50' WHEN dearer < 0.65 * total THEN '65'
            WHEN dearer < 0.80 * total THEN '80' WHEN dearer < 0.95 * total THEN '95' ELSE '100' END
FROM (
    SELECT person_id, sum(cost) OVER () AS total,
           sum(cost) OVER (ORDER BY cost DESC, person_id ROWS UNBOUNDED PRECEDING) - cost AS dearer
    FROM (
        SELECT u.person_id, sum(u.cost) AS cost
        FROM use_of_service AS u JOIN known AS k ON k.side = u.side AND k.person_id = u.person_id
        WHERE u.side = 'everyone' AND u.contacts IS NOT NULL
        GROUP BY u.person_id HAVING sum(u.cost) > 0
    ) AS costs
) AS ordered;
