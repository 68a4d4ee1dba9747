-- One checked table of text cells (clean_row) becomes rows with meaning. A postcode becomes its area and is gone.
INSERT INTO arrived_contact
SELECT
    $number,
    k.id,
    r.key_id,
    CASE WHEN r.area IN ($nowhere, $withheld) THEN NULL ELSE coalesce(p.area_code, r.area) END,
    CASE WHEN r.area IN ($nowhere, $withheld) THEN r.area ELSE 'area' END,
    r.age_band,
    r.sex,
    r.partner,
    r.service,
    CAST(r.month || '-01' AS DATE),
    CAST(r.contacts AS INTEGER),
    r.flags,
    TRY_CAST(nullif(r.cost, '') AS DECIMAL(12, 2))
FROM clean_row AS r
JOIN clean_key AS k ON k.person_key = r.person_key AND k.key_kind = r.key_kind AND k.partner = r.partner
LEFT JOIN known_postcode AS p
    ON p.postcode = upper(regexp_replace(r.area, '[^0-9A-Za-z]', '', 'g'));
