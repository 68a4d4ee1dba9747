-- Contacts of the two people with the most, for each cell of a node with volumes.
SELECT area_code, value, CAST(sum(contacts) AS BIGINT) AS top_two
FROM (
    SELECT a.area_code, t.value, t.contacts,
           row_number() OVER (PARTITION BY a.area_code, t.value ORDER BY t.contacts DESC) AS place
    FROM top_of_zone AS t JOIN area_of AS a ON a.zone = t.zone
    WHERE t.breakdown = $breakdown AND a.geography = $geography
) AS ordered
WHERE place <= 2
GROUP BY area_code, value;
