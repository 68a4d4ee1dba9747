-- Set the single values aside, to be put together with each other.
CREATE OR REPLACE TEMP TABLE kept AS SELECT * FROM trait;
DELETE FROM trait;
