-- The audit log and the decision record: rows are added and never changed. workspace_003.*.sql make the database refuse.

ALTER TABLE workspace ADD COLUMN audit_sequence BIGINT NOT NULL DEFAULT 0;  -- of the last row of the log

ALTER TABLE workspace ADD COLUMN audit_head TEXT NOT NULL DEFAULT '';       -- its digest

ALTER TABLE workspace ADD COLUMN audit_key TEXT NOT NULL DEFAULT '';        -- name of the key that new rows are made with

CREATE TABLE audit (
  sequence BIGINT NOT NULL PRIMARY KEY CHECK (sequence >= 1),  -- without gaps
  change_number BIGINT NOT NULL UNIQUE,                        -- of the write that it records
  at TEXT NOT NULL,
  who TEXT NOT NULL,                                           -- role or organisation, as declared
  action TEXT NOT NULL,
  about TEXT NOT NULL,                                         -- id of what was changed, or empty
  parameters TEXT NOT NULL,                                    -- JSON: ids, numbers and choices; no words, no values
  content TEXT NOT NULL,                                       -- SHA-256 of the decision rows of this write, or empty
  key_id TEXT NOT NULL,
  digest TEXT NOT NULL                                         -- HMAC-SHA-256 of the row before and of this one
);

CREATE TABLE decision (
  id TEXT NOT NULL PRIMARY KEY,                    -- random, in the link
  kind TEXT NOT NULL,
  about TEXT REFERENCES decision (id),             -- the record that this one concerns
  role TEXT NOT NULL,
  organisation TEXT NOT NULL,
  verified BOOLEAN NOT NULL,                       -- whether sign-in has shown who it was
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  release_id TEXT NOT NULL,
  scenario_id TEXT NOT NULL,
  framework_id TEXT NOT NULL,
  framework_hash TEXT NOT NULL,
  weights TEXT NOT NULL,                           -- JSON: per cent by priority id, in order
  method TEXT NOT NULL,                            -- JSON: aggregate, normalise, rank_offset, reference
  cut INTEGER NOT NULL CHECK (cut >= 1),
  application TEXT NOT NULL,                       -- version that wrote it
  snapshot TEXT NOT NULL,                          -- JSON: what was decided, to be read without the release
  changed BIGINT NOT NULL,                         -- the change_number of its write
  position INTEGER NOT NULL CHECK (position >= 0)  -- within that write
);

CREATE UNIQUE INDEX decision_order ON decision (changed, position);

CREATE TABLE draft (
  id TEXT NOT NULL PRIMARY KEY,
  saved_id TEXT REFERENCES scenario (id),          -- the scenario in the tray, where there is one
  choices TEXT NOT NULL,                           -- Scenario.to_json
  scenario_id TEXT NOT NULL,
  release_id TEXT NOT NULL,
  overrides TEXT NOT NULL,                         -- JSON list, in the order they were made
  state TEXT NOT NULL CHECK (state IN ('open', 'agreed', 'discarded')),
  author TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  changed BIGINT NOT NULL
);

CREATE INDEX draft_changed ON draft (changed);
