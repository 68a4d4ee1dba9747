INSERT INTO contact
SELECT k.extract_id, n.person_id, k.area_code, k.place, k.age_band, k.sex, k.service, k.month, k.contacts, k.flags,
       k.cost
FROM kept_contact AS k
JOIN number_before AS n ON n.before_id = k.person_id
UNION ALL
SELECT a.extract_id, n.person_id, a.area_code, a.place, a.age_band, a.sex, a.service, a.month, a.contacts,
       CASE WHEN a.flags = '' THEN [] ELSE list_sort(list_distinct(string_split(a.flags, ';'))) END, a.cost
FROM arrived.contact AS a
JOIN number_arrived AS n ON n.id = a.person;
