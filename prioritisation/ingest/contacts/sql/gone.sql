-- How many rows of each earlier extract are not in the new store.
SELECT b.extract_id, count(*) - coalesce(any_value(k.rows), 0)
FROM before.contact AS b
LEFT JOIN (SELECT extract_id, count(*) AS rows FROM kept_contact GROUP BY extract_id) AS k ON k.extract_id = b.extract_id
GROUP BY b.extract_id
HAVING count(*) > coalesce(any_value(k.rows), 0);
