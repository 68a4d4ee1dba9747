-- What one file covers; rows that are the same as another in everything; rows of areas outside the council.
SELECT
    min(partner),
    list_sort(list(DISTINCT service)),
    min(key_id),
    (SELECT list_sort(list(DISTINCT key_kind)) FROM first_key WHERE number = $number),
    min(month),
    max(month),
    count(*),
    count(*) - count(DISTINCT hash(person, area_code, place, age_band, sex, service, month, contacts, flags, cost)),
    count(*) FILTER (area_code IN (SELECT area_code FROM known_area WHERE NOT in_council))
FROM arrived_contact
WHERE number = $number;
