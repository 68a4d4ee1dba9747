INSERT INTO trait SELECT side, person_id, contacts_band, '', NULL FROM known WHERE side = $side AND recent;
