-- Everybody who has a contact, numbered in the order of the keys.
INSERT INTO person
SELECT row_number() OVER (ORDER BY person, key_kind) - 1, person, key_kind
FROM (
    SELECT p.person, p.key_kind FROM before.person AS p
    WHERE p.person_id IN (SELECT person_id FROM kept_contact)
    UNION
    SELECT person, key_kind FROM arrived.person
) AS everybody;
