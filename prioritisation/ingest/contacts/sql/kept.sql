-- Rows of the store before that stay: not past retention, not of an extract taken out, not covered by a new one.
CREATE OR REPLACE TEMP TABLE kept_contact AS
SELECT c.*
FROM before.contact AS c
JOIN before.extract AS e ON e.extract_id = c.extract_id
LEFT JOIN cover AS v ON v.service = c.service AND v.month = c.month
WHERE e.retain_until >= $today AND NOT list_contains($taken_out, e.extract_id) AND v.service IS NULL;
