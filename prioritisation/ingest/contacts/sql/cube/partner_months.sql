-- Which months each partner's extracts cover, whoever is in them.
SELECT partner, min(month_from) AS first, max(month_to) AS last
FROM extract WHERE partner IN (SELECT partner FROM service_of)
GROUP BY partner ORDER BY partner;
