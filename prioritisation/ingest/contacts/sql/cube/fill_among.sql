-- Only these values count for an exclusive overlap.
CREATE OR REPLACE TEMP TABLE among AS SELECT unnest($values) AS value;
