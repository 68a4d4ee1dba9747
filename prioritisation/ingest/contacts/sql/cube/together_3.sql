-- Each three values that a person has.
INSERT INTO trait
SELECT a.side, a.person_id, a.value || '+' || b.value || '+' || c.value, '', NULL
FROM kept AS a
JOIN kept AS b ON b.side = a.side AND b.person_id = a.person_id AND a.value < b.value
JOIN kept AS c ON c.side = b.side AND c.person_id = b.person_id AND b.value < c.value;
