-- The keys that each partner's extracts were pseudonymised with.
SELECT DISTINCT partner, key_id FROM extract;
