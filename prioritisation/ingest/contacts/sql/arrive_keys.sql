-- The different keys of one checked table of text cells (clean_row), numbered on from those that are there.
CREATE OR REPLACE TEMP TABLE clean_key AS
SELECT row_number() OVER () + (SELECT coalesce(max(id), 0) FROM first_key) AS id, key_kind, partner, person_key
FROM (SELECT DISTINCT key_kind, partner, person_key FROM clean_row) AS keys;
