-- One row per person. The newest month that says something wins; then the later extract; then the first in the alphabet.
-- A protected address stays protected, whatever else is said about it.
INSERT INTO resident
WITH stated AS (
    SELECT person_id, area_code, place, age_band, sex,
           (year(month) * 12 + month(month)) * 1000000 + extract_id AS how_new
    FROM contact
),
newest AS (
    SELECT person_id,
           max(how_new) AS place_at,
           max(CASE WHEN age_band <> $not_known THEN how_new END) AS age_at,
           max(CASE WHEN sex <> $not_known THEN how_new END) AS sex_at,
           max(CASE WHEN place = $withheld THEN 1 ELSE 0 END) AS hidden
    FROM stated
    GROUP BY person_id
),
resolved AS (
    SELECT s.person_id,
           max(n.hidden) AS hidden,
           min(CASE WHEN s.how_new = n.place_at THEN coalesce(s.area_code, s.place) END) AS area_or_place,
           min(CASE WHEN s.how_new = n.age_at AND s.age_band <> $not_known THEN s.age_band END) AS age_band,
           min(CASE WHEN s.how_new = n.sex_at AND s.sex <> $not_known THEN s.sex END) AS sex
    FROM stated AS s
    JOIN newest AS n ON n.person_id = s.person_id
    GROUP BY s.person_id
)
SELECT person_id,
       CASE WHEN hidden = 1 OR area_or_place IN ($nowhere, $withheld) THEN NULL ELSE area_or_place END,
       CASE WHEN hidden = 1 THEN $withheld WHEN area_or_place IN ($nowhere, $withheld) THEN area_or_place ELSE 'area' END,
       coalesce(age_band, $not_known),
       coalesce(sex, $not_known)
FROM resolved;
