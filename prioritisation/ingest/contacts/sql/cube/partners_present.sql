-- Partners that have sent an extract, whoever is in it. One that the contract no longer has is not counted.
SELECT DISTINCT partner FROM extract WHERE partner IN (SELECT partner FROM service_of) ORDER BY partner;
