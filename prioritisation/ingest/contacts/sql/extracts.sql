INSERT INTO extract
SELECT e.* FROM before.extract AS e WHERE e.extract_id IN (SELECT extract_id FROM kept_contact);
