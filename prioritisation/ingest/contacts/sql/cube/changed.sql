-- Whose signature is not what it was at a release. Who is no longer known gets a number below zero.
CREATE OR REPLACE TEMP TABLE changed AS
SELECT n.person_id AS now_id, coalesce(n.person_id, -row_number() OVER (ORDER BY s.person)) AS person_id,
       s.person IS NOT NULL AS was_known, s.zone, s.age, s.sex, s.recent, s.contacts_band, s.partners_band, s.cost_band,
       s.services, s.services_earlier, s.flags, s.flags_earlier, s.cohorts
FROM signature AS n
FULL JOIN (SELECT * FROM snapshot WHERE release_id = $release_id) AS s ON s.person = n.person
WHERE n.zone IS DISTINCT FROM s.zone OR n.age IS DISTINCT FROM s.age OR n.sex IS DISTINCT FROM s.sex
   OR n.recent IS DISTINCT FROM s.recent OR n.contacts_band IS DISTINCT FROM s.contacts_band
   OR n.partners_band IS DISTINCT FROM s.partners_band OR n.cost_band IS DISTINCT FROM s.cost_band
   OR n.services IS DISTINCT FROM s.services OR n.services_earlier IS DISTINCT FROM s.services_earlier
   OR n.flags IS DISTINCT FROM s.flags OR n.flags_earlier IS DISTINCT FROM s.flags_earlier
   OR n.cohorts IS DISTINCT FROM s.cohorts;
