-- Everybody, as one value.
INSERT INTO trait SELECT side, person_id, '', '', contacts FROM known WHERE side = $side AND (recent OR $long);
