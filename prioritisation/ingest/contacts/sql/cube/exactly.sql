-- Which of some values a person has, and no other of them; many of them are one value.
INSERT INTO trait
SELECT k.side, k.person_id,
       CASE WHEN count(t.value) = 0 THEN $none WHEN count(t.value) >= $pooled_from THEN $pooled
            ELSE string_agg(t.value, '+' ORDER BY t.value) END,
       '', NULL
FROM known AS k
LEFT JOIN (SELECT side, person_id, value FROM kept WHERE value IN (SELECT value FROM among)) AS t
       ON t.side = k.side AND t.person_id = k.person_id
WHERE k.side = $side AND k.recent
GROUP BY k.side, k.person_id;
