-- Saved cohorts: rules with a name, counted at the next publish of contacts.

CREATE TABLE cohort (
  id TEXT NOT NULL PRIMARY KEY,                    -- random, in the link
  name TEXT NOT NULL,
  why TEXT NOT NULL,
  rule TEXT NOT NULL,                              -- JSON of CohortRule.to_record; never changed: other people are another cohort
  author TEXT NOT NULL,                            -- role or organisation, as declared
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),   -- of this row; a writer names the one it saw
  archived BOOLEAN NOT NULL,
  changed BIGINT NOT NULL                          -- the change_number of the last write to this row
);

CREATE INDEX cohort_changed ON cohort (changed);
