-- People and contacts of a breakdown, as fine as any of its nodes needs; from here on nothing is about a person.
INSERT INTO fine
SELECT $breakdown,
       CASE WHEN $by_zone THEN k.zone ELSE '' END,
       CASE WHEN $by_age THEN k.age ELSE '' END,
       CASE WHEN $by_sex THEN k.sex ELSE '' END,
       t.value, t.other, count(*), sum(t.contacts)
FROM trait AS t JOIN known AS k ON k.side = t.side AND k.person_id = t.person_id
WHERE t.side = 'everyone'
GROUP BY 2, 3, 4, 5, 6;
