-- One node: the fine counts of its breakdown, added up over the areas of its geography.
SELECT a.area_code,
       CASE WHEN $by_age THEN f.age ELSE '' END AS age,
       CASE WHEN $by_sex THEN f.sex ELSE '' END AS sex,
       f.value, f.other, CAST(sum(f.people) AS BIGINT) AS people, CAST(sum(f.contacts) AS BIGINT) AS contacts
FROM fine AS f JOIN area_of AS a ON a.zone = f.zone
WHERE f.breakdown = $breakdown AND a.geography = $geography
GROUP BY 1, 2, 3, 4, 5;
