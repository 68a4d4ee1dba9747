-- Keep everybody's signature, so that later releases can tell who has joined or left a cell.
INSERT INTO snapshot
SELECT $release_id, person, zone, age, sex, recent, contacts_band, partners_band, cost_band,
       services, services_earlier, flags, flags_earlier, cohorts
FROM signature;
