-- Each two values that a person has.
INSERT INTO trait
SELECT a.side, a.person_id, a.value || '+' || b.value, '', NULL
FROM kept AS a JOIN kept AS b ON b.side = a.side AND b.person_id = a.person_id AND a.value < b.value;
