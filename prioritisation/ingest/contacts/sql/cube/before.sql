-- The changed people as they were at the release: the tables that the breakdowns are made from.
INSERT INTO known
SELECT 'before', person_id, zone, age, sex, recent, NULL, contacts_band, partners_band FROM changed WHERE was_known;
INSERT INTO use_of_service
SELECT 'before', used.person_id, used.service, s.partner, used.contacts, NULL
FROM (
    SELECT person_id, unnest(services) AS service, 1 AS contacts FROM changed WHERE was_known
    UNION ALL
    SELECT person_id, unnest(services_earlier), NULL FROM changed WHERE was_known
) AS used
JOIN service_of AS s ON s.service = used.service;
INSERT INTO has_flag
SELECT 'before', person_id, unnest(flags), true FROM changed WHERE was_known
UNION ALL
SELECT 'before', person_id, unnest(flags_earlier), false FROM changed WHERE was_known;
INSERT INTO in_cost_band SELECT 'before', person_id, cost_band FROM changed WHERE was_known AND cost_band IS NOT NULL;
INSERT INTO in_cohort SELECT 'before', person_id, unnest(cohorts) FROM changed WHERE was_known;
