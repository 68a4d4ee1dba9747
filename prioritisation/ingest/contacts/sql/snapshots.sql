-- What later releases need to know whether a cell's people have changed; kept beyond the people's own retention.
CREATE TABLE IF NOT EXISTS snapshot (
    release_id       VARCHAR NOT NULL,
    person           BLOB NOT NULL,
    zone             VARCHAR NOT NULL,
    age              VARCHAR NOT NULL,
    sex              VARCHAR NOT NULL,
    recent           BOOLEAN NOT NULL,
    contacts_band    VARCHAR,
    partners_band    VARCHAR,
    cost_band        VARCHAR,
    services         VARCHAR[],
    services_earlier VARCHAR[],
    flags            VARCHAR[],
    flags_earlier    VARCHAR[],
    cohorts          VARCHAR[]
);
COMMENT ON TABLE snapshot IS 'One row per person known at a release: all that decides in which cells somebody is counted. person: the second key';

CREATE TABLE IF NOT EXISTS snapshot_key (
    release_id VARCHAR NOT NULL,
    partner    VARCHAR NOT NULL,
    key_id     VARCHAR NOT NULL,
    PRIMARY KEY (release_id, partner, key_id)
);
COMMENT ON TABLE snapshot_key IS 'Keys that pseudonyms were made with at a release; where they differ now, people cannot be compared';

CREATE TABLE IF NOT EXISTS held (
    node       VARCHAR NOT NULL,
    area_code  VARCHAR NOT NULL,
    cell       VARCHAR NOT NULL,
    release_id VARCHAR NOT NULL,
    people     BIGINT,
    contacts   BIGINT,
    status     VARCHAR NOT NULL,
    side       VARCHAR NOT NULL CHECK (side IN ('shown', 'small', 'nearly all', 'withheld')),
    held       BOOLEAN,
    overtaken  BOOLEAN,
    PRIMARY KEY (node, area_code, cell)
);
COMMENT ON TABLE held IS 'What is published of each cell, the release at which it was last refreshed (after a change of keys: last compared), on which side of the rules its count was then, whether the release in use kept an earlier output, and whether the truth has moved further from that than the rule allows';

CREATE TABLE IF NOT EXISTS published_cohort (
    cohort VARCHAR PRIMARY KEY,
    rule   VARCHAR NOT NULL
);
COMMENT ON TABLE published_cohort IS 'Every cohort that a release has counted, archived ones too. rule: JSON of its record';
