-- How many rows of each extract of this store an import would keep, and how many not: as kept.sql decides.
SELECT extract_id, count(*) FILTER (stays), count(*) FILTER (NOT stays)
FROM (
    SELECT c.extract_id,
           e.retain_until >= $today AND NOT list_contains($taken_out, e.extract_id) AND v.service IS NULL AS stays
    FROM contact AS c
    JOIN extract AS e ON e.extract_id = c.extract_id
    LEFT JOIN cover AS v ON v.service = c.service AND v.month = c.month
) AS row_of_extract
GROUP BY extract_id;
