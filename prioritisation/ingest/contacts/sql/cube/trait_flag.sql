INSERT INTO trait SELECT side, person_id, flag, '', NULL FROM has_flag WHERE side = $side AND (recent OR $long);
