-- Each value of one breakdown with each of another that the same person has.
CREATE OR REPLACE TEMP TABLE trait AS
SELECT a.side, a.person_id, a.value, b.value AS other, CAST(NULL AS BIGINT) AS contacts
FROM first AS a JOIN trait AS b ON b.side = a.side AND b.person_id = a.person_id;
DROP TABLE first;
