-- The two largest numbers of contacts in each zone, to see whether two people make up most of a volume.
INSERT INTO top_of_zone
SELECT $breakdown, zone, value, contacts
FROM (
    SELECT k.zone, t.value, t.contacts,
           row_number() OVER (PARTITION BY k.zone, t.value ORDER BY t.contacts DESC) AS place
    FROM trait AS t JOIN known AS k ON k.side = t.side AND k.person_id = t.person_id
    WHERE t.side = 'everyone' AND t.contacts IS NOT NULL
) AS ordered
WHERE place <= 2;
