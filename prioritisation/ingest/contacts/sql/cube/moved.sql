-- How many of the changed people left one fine cell of a breakdown, joined one, or went from one to another.
INSERT INTO moved
SELECT $breakdown, coalesce(b.value, a.value), coalesce(b.other, a.other),
       b.zone, b.age, b.sex, a.zone, a.age, a.sex, count(*)
FROM (
    SELECT t.person_id, t.value, t.other, k.zone, k.age, k.sex
    FROM trait_before AS t JOIN known AS k ON k.side = t.side AND k.person_id = t.person_id
) AS b
FULL JOIN (
    SELECT t.person_id, t.value, t.other, k.zone, k.age, k.sex
    FROM trait AS t JOIN known AS k ON k.side = t.side AND k.person_id = t.person_id
) AS a ON a.person_id = b.person_id AND a.value = b.value AND a.other = b.other
WHERE b.zone IS DISTINCT FROM a.zone OR b.age IS DISTINCT FROM a.age OR b.sex IS DISTINCT FROM a.sex
GROUP BY 2, 3, 4, 5, 6, 7, 8, 9;
