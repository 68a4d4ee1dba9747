-- Everyone in contact in 36 months, once: where, age, sex and bands. Without a mapped area: zone '' (council only).
-- People of areas that are not the council's are left out.
INSERT INTO known
SELECT 'everyone', r.person_id, coalesce(a.zone, ''), r.age_band, r.sex, u.contacts IS NOT NULL, u.contacts,
       CASE WHEN u.contacts IS NULL THEN NULL WHEN u.contacts < 5 THEN '1-4' WHEN u.contacts < 12 THEN '5-11'
            WHEN u.contacts < 24 THEN '12-23' ELSE '24+' END,
       CASE WHEN u.contacts IS NULL THEN NULL WHEN u.partners >= 4 THEN '4+' ELSE CAST(u.partners AS VARCHAR) END
FROM resident AS r
JOIN (
    SELECT person_id, sum(contacts) AS contacts, count(DISTINCT CASE WHEN contacts IS NOT NULL THEN partner END) AS partners
    FROM use_of_service WHERE side = 'everyone' GROUP BY person_id
) AS u ON u.person_id = r.person_id
LEFT JOIN area_of AS a ON a.zone = r.area_code AND a.geography = 'data zone'
WHERE r.place <> 'area' OR a.zone IS NOT NULL;
