INSERT INTO trait
SELECT side, person_id, service, '', contacts FROM use_of_service WHERE side = $side AND (contacts IS NOT NULL OR $long);
