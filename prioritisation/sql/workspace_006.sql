-- What people here know of places, as they said it, and what was decided about showing it. Rows are added, and only a
-- contribution's words are ever taken away: an earlier moment can be read again by its change number.

CREATE TABLE knowledge (
  id TEXT NOT NULL PRIMARY KEY,                    -- random
  kind TEXT NOT NULL CHECK (kind IN ('known', 'asset', 'concern', 'place standard')),
  geography TEXT NOT NULL CHECK (geography IN ('area', 'locality')),
  place TEXT NOT NULL,                             -- code of the area, or name of the locality
  scores TEXT NOT NULL,                            -- JSON: Place Standard score by theme; {} for words alone
  words TEXT NOT NULL,
  source TEXT NOT NULL,                            -- where it was learnt: a meeting, a survey
  organisation TEXT NOT NULL,                      -- of the author, as declared; no person is named
  known_on TEXT NOT NULL,                          -- day that the knowledge is of, YYYY-MM-DD
  confidence TEXT NOT NULL CHECK (confidence IN ('low', 'medium', 'high')),
  created_at TEXT NOT NULL,
  changed BIGINT NOT NULL
);

CREATE INDEX knowledge_changed ON knowledge (changed);

CREATE TABLE knowledge_state (
  knowledge_id TEXT NOT NULL REFERENCES knowledge (id),
  version INTEGER NOT NULL CHECK (version >= 1),   -- 1 is its arrival; a moderator names the one it saw
  state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'declined', 'erased')),
  reason TEXT NOT NULL,                            -- why it was declined or erased
  decided_by TEXT NOT NULL,                        -- role or organisation, as declared
  at TEXT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (knowledge_id, version)
);

CREATE INDEX knowledge_state_changed ON knowledge_state (changed);
