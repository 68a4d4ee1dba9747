-- Who has a need: a row states it, or a service in contact implies it. recent: in the last 12 months.
INSERT INTO has_flag
SELECT 'everyone', person_id, flag, max(recent) = 1
FROM (
    SELECT person_id, unnest(flags) AS flag, CASE WHEN month >= $from_12 THEN 1 ELSE 0 END AS recent
    FROM contact
    WHERE month >= $from_36 AND month <= $until AND len(flags) > 0
    UNION ALL
    SELECT u.person_id, s.need, CASE WHEN u.contacts IS NULL THEN 0 ELSE 1 END
    FROM use_of_service AS u JOIN service_of AS s ON s.service = u.service
    WHERE u.side = 'everyone' AND s.need IS NOT NULL
) AS stated
GROUP BY person_id, flag;
