-- What a file holds, whatever the order of its rows: their number and the sum of their hashes. Another version of DuckDB
-- may hash otherwise; the same file then replaces itself, which changes nothing.
SELECT count(*) || '-' || sum(hash(k.second, k.key_kind, a.area_code, a.place, a.age_band, a.sex, a.service, a.month,
                                   a.contacts, a.flags, a.cost))
FROM arrived_contact AS a
JOIN second_key AS k ON k.id = a.person
WHERE a.number = $number;
