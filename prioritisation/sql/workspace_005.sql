-- Rounds of votes on the weights. A vote is read by nobody but who cast it until its round is revealed.

CREATE TABLE voting_round (
  id TEXT NOT NULL PRIMARY KEY,                    -- random, in the facilitator's link
  code TEXT NOT NULL UNIQUE,                       -- short, to read aloud and to type; in the participants' link
  name TEXT NOT NULL,
  question TEXT NOT NULL,
  choices TEXT NOT NULL,                           -- Scenario.to_json: what is voted on
  scenario_id TEXT NOT NULL,                       -- Scenario.id, the hash of the choices
  saved_id TEXT REFERENCES scenario (id),          -- the scenario in the tray, where there is one
  release_id TEXT NOT NULL,
  way TEXT NOT NULL CHECK (way IN ('sliders', 'points')),
  expected INTEGER NOT NULL CHECK (expected >= 1),
  first_round TEXT REFERENCES voting_round (id),   -- the round that this one follows
  state TEXT NOT NULL CHECK (state IN ('open', 'revealed', 'applied', 'closed')),
  author TEXT NOT NULL,                            -- role or organisation, as declared
  created_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  changed BIGINT NOT NULL
);

CREATE INDEX voting_round_changed ON voting_round (changed);

-- No time and no change number here: with either, a vote could be matched with a row of the audit log.
CREATE TABLE ballot (
  id TEXT NOT NULL PRIMARY KEY,
  round_id TEXT NOT NULL REFERENCES voting_round (id),
  token_hash TEXT UNIQUE,                          -- SHA-256 of 192 random bits; a paper vote has none
  organisation TEXT NOT NULL,                      -- partner organisation, as declared; no person is named
  paper BOOLEAN NOT NULL,
  weights TEXT,                                    -- JSON: per cent in the order of the priorities; none before a vote
  reason TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 0),   -- how often the vote was cast
  CHECK ((version = 0) = (weights IS NULL)),
  CHECK (token_hash IS NOT NULL OR version > 0)
);

CREATE INDEX ballot_of_round ON ballot (round_id);

ALTER TABLE scenario ADD COLUMN from_round TEXT;  -- id of the round whose result it holds; a voting_round names scenarios
