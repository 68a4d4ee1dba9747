-- The number of each person here and in the store before.
CREATE OR REPLACE TEMP TABLE number_before AS
SELECT o.person_id AS before_id, n.person_id
FROM before.person AS o
JOIN person AS n ON n.person = o.person AND n.key_kind = o.key_kind;
