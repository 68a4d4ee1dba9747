-- The workspace's first shape, in words that SQLite and PostgreSQL both understand.
-- A step is never edited once released: what comes later is workspace_002.sql, and so on.
-- Times are text, UTC, ISO 8601 with microseconds and Z: they sort as time does, and are the same in both databases.

CREATE TABLE workspace (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  schema_version INTEGER NOT NULL CHECK (schema_version >= 0),
  change_number BIGINT NOT NULL CHECK (change_number >= 0)  -- raised by every write, in its transaction
);

INSERT INTO workspace (only_row, schema_version, change_number) VALUES (1, 0, 0);

CREATE TABLE scenario (
  id TEXT NOT NULL PRIMARY KEY,                    -- random, in the read-only link
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  choices TEXT NOT NULL,                           -- Scenario.to_json, the framework in full
  scenario_id TEXT NOT NULL,                       -- Scenario.id, the hash of the choices
  release_id TEXT NOT NULL,                        -- the data release it was computed on
  author TEXT NOT NULL,                            -- role or organisation, as declared
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),   -- of this row; a writer names the one it saw
  locked BOOLEAN NOT NULL,
  archived BOOLEAN NOT NULL,
  duplicated_from TEXT REFERENCES scenario (id),
  rerun_of TEXT REFERENCES scenario (id),
  changed BIGINT NOT NULL                          -- the change_number of the last write to this row
);

CREATE INDEX scenario_changed ON scenario (changed);
