-- One node: how many people have left or joined each cell. Who only moved inside a cell has done neither.
SELECT area_code, age, sex, value, other, CAST(sum(people) AS BIGINT) AS changed
FROM (
    SELECT t.area_code, CASE WHEN $by_age THEN m.to_age ELSE '' END AS age,
           CASE WHEN $by_sex THEN m.to_sex ELSE '' END AS sex, m.value, m.other, m.people
    FROM moved AS m
    JOIN area_of AS t ON t.zone = m.to_zone AND t.geography = $geography
    LEFT JOIN area_of AS f ON f.zone = m.from_zone AND f.geography = $geography
    WHERE m.breakdown = $breakdown
      AND (f.area_code IS DISTINCT FROM t.area_code OR ($by_age AND m.from_age IS DISTINCT FROM m.to_age)
           OR ($by_sex AND m.from_sex IS DISTINCT FROM m.to_sex))
    UNION ALL
    SELECT f.area_code, CASE WHEN $by_age THEN m.from_age ELSE '' END,
           CASE WHEN $by_sex THEN m.from_sex ELSE '' END, m.value, m.other, m.people
    FROM moved AS m
    JOIN area_of AS f ON f.zone = m.from_zone AND f.geography = $geography
    LEFT JOIN area_of AS t ON t.zone = m.to_zone AND t.geography = $geography
    WHERE m.breakdown = $breakdown
      AND (f.area_code IS DISTINCT FROM t.area_code OR ($by_age AND m.from_age IS DISTINCT FROM m.to_age)
           OR ($by_sex AND m.from_sex IS DISTINCT FROM m.to_sex))
) AS sides
GROUP BY area_code, age, sex, value, other;
