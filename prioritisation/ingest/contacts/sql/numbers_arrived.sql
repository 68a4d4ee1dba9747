CREATE OR REPLACE TEMP TABLE number_arrived AS
SELECT a.id, n.person_id
FROM arrived.person AS a
JOIN person AS n ON n.person = a.person AND n.key_kind = a.key_kind;
