-- Set one breakdown's values aside, to be crossed with those of another.
CREATE OR REPLACE TEMP TABLE first AS SELECT * FROM trait;
DELETE FROM trait;
