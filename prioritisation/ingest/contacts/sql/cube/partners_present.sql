-- Partners that have sent an extract, whoever is in it.
SELECT DISTINCT partner FROM extract ORDER BY partner;
