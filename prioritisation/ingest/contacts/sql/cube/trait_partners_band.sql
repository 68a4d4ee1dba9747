INSERT INTO trait SELECT side, person_id, partners_band, '', NULL FROM known WHERE side = $side AND recent;
