INSERT INTO trait
SELECT side, person_id, partner, '', sum(contacts)
FROM use_of_service WHERE side = $side AND (contacts IS NOT NULL OR $long)
GROUP BY side, person_id, partner;
