-- Second keys of the people whom each partner knows at present; the first keys never come into a database.
CREATE OR REPLACE TEMP TABLE present_key (partner VARCHAR, key_kind VARCHAR, second BLOB);
