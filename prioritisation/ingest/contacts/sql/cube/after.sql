-- The same people as they are now.
INSERT INTO known
SELECT 'after', k.person_id, k.zone, k.age, k.sex, k.recent, k.contacts, k.contacts_band, k.partners_band
FROM known AS k JOIN changed AS c ON c.now_id = k.person_id WHERE k.side = 'everyone';
INSERT INTO use_of_service
SELECT 'after', u.person_id, u.service, u.partner, u.contacts, NULL
FROM use_of_service AS u JOIN changed AS c ON c.now_id = u.person_id WHERE u.side = 'everyone';
INSERT INTO has_flag
SELECT 'after', f.person_id, f.flag, f.recent
FROM has_flag AS f JOIN changed AS c ON c.now_id = f.person_id WHERE f.side = 'everyone';
INSERT INTO in_cost_band
SELECT 'after', b.person_id, b.cost_band
FROM in_cost_band AS b JOIN changed AS c ON c.now_id = b.person_id WHERE b.side = 'everyone';
INSERT INTO in_cohort
SELECT 'after', m.person_id, m.cohort
FROM in_cohort AS m JOIN changed AS c ON c.now_id = m.person_id WHERE m.side = 'everyone';
