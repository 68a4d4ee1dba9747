INSERT INTO first_key SELECT id, $number, key_kind, partner, unhex(person_key) FROM clean_key;
