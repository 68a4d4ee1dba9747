-- One release of small-area indicators. Built once, then read only. Units and meaning: see the comments.
CREATE TABLE fact (
    name  VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE fact IS 'What this release is: schema_version, release_id, previous (the release that was in use before, or empty), built_at (UTC), council (code, "all", or the name when no file gives a code), council_name, demonstration (true/false), software_version, boundaries (name of the file under geo/, empty when none), fingerprint (sha256 over all inputs), restricted (name of the file in the restricted store with the people of this release, empty when none)';

CREATE TABLE source (
    source_id   VARCHAR PRIMARY KEY,
    publisher   VARCHAR NOT NULL,
    title       VARCHAR NOT NULL,
    url         VARCHAR NOT NULL,
    licence     VARCHAR NOT NULL,
    attribution VARCHAR NOT NULL
);
COMMENT ON TABLE source IS 'Publications that the values were taken from';

CREATE TABLE indicator (
    indicator_id VARCHAR PRIMARY KEY,
    name         VARCHAR NOT NULL,
    definition   VARCHAR NOT NULL,
    unit         VARCHAR NOT NULL,
    polarity     VARCHAR NOT NULL CHECK (polarity IN ('higher_is_worse', 'higher_is_better')),
    numerator    VARCHAR NOT NULL,
    denominator  VARCHAR NOT NULL,
    multiplier   DOUBLE NOT NULL,
    geography    VARCHAR NOT NULL,
    period       VARCHAR NOT NULL,
    source_id    VARCHAR NOT NULL REFERENCES source (source_id),
    caveat       VARCHAR NOT NULL,
    suppressed_at_most DOUBLE
);
COMMENT ON TABLE indicator IS 'Meaning of each indicator with values in this release, as the catalogue said at import';
COMMENT ON COLUMN indicator.suppressed_at_most IS 'Where a value is suppressed, its numerator is known to be from 0 to this; NULL: nothing is known';

CREATE TABLE area (
    area_code              VARCHAR PRIMARY KEY,
    name                   VARCHAR NOT NULL,
    geography              VARCHAR NOT NULL,
    vintage                SMALLINT NOT NULL CHECK (vintage IN (2011, 2022)),
    council_code           VARCHAR,
    council                VARCHAR,
    intermediate_zone_code VARCHAR,
    intermediate_zone      VARCHAR,
    ward                   VARCHAR,
    locality               VARCHAR,
    urban_rural            VARCHAR,
    population             INTEGER CHECK (population >= 0),
    in_council             BOOLEAN NOT NULL,
    has_boundary           BOOLEAN NOT NULL
);
COMMENT ON TABLE area IS 'Small areas. in_council: one of the areas this release is for; the others are kept as the national reference set';
COMMENT ON COLUMN area.urban_rural IS 'Name of the Scottish Government sixfold urban-rural class';
COMMENT ON COLUMN area.population IS 'People; the newest estimate in the release';

CREATE TABLE observation (
    area_code    VARCHAR NOT NULL REFERENCES area (area_code),
    indicator_id VARCHAR NOT NULL REFERENCES indicator (indicator_id),
    period       VARCHAR NOT NULL,
    value        DOUBLE,
    numerator    DOUBLE,
    denominator  DOUBLE,
    status       VARCHAR NOT NULL CHECK (status IN ('reported', 'zero', 'suppressed', 'missing')),
    PRIMARY KEY (area_code, indicator_id, period),
    CHECK ((status IN ('suppressed', 'missing')) = (value IS NULL)),
    CHECK ((status = 'zero') = (value IS NOT NULL AND value = 0))
);
COMMENT ON TABLE observation IS 'One value of one indicator in one area and period, in the unit of the indicator; zero, suppressed and missing are three different things';

CREATE TABLE postcode (
    postcode  VARCHAR PRIMARY KEY,
    area_code VARCHAR NOT NULL REFERENCES area (area_code)
);
COMMENT ON TABLE postcode IS 'Postcode without spaces, upper case, to its area';

CREATE TABLE loaded_file (
    file_name   VARCHAR NOT NULL,
    kind        VARCHAR NOT NULL,
    used        BOOLEAN NOT NULL,
    note        VARCHAR NOT NULL,
    sha256      VARCHAR NOT NULL,
    bytes       BIGINT NOT NULL,
    row_count   BIGINT,
    modified_at VARCHAR NOT NULL,
    source_id   VARCHAR REFERENCES source (source_id)
);
COMMENT ON TABLE loaded_file IS 'Each file offered to the import: what it was recognised as, whether it was used and if not why';

CREATE TABLE population (
    area_code VARCHAR NOT NULL REFERENCES area (area_code),
    age       SMALLINT NOT NULL CHECK (age >= 0),
    people    DOUBLE NOT NULL CHECK (people >= 0),
    PRIMARY KEY (area_code, age)
);
COMMENT ON TABLE population IS 'Residents of the council''s areas by year of age, the highest age open, of the newest estimate; empty when only totals are known, or the release has several councils';

CREATE TABLE cube (
    node      VARCHAR NOT NULL,
    geography VARCHAR NOT NULL CHECK (geography IN ('data zone', 'intermediate zone', 'ward', 'locality', 'council')),
    area_code VARCHAR NOT NULL,
    cell      VARCHAR NOT NULL,
    people    INTEGER CHECK (people > 0),
    contacts  BIGINT CHECK (contacts > 0),
    status    VARCHAR NOT NULL CHECK (status IN ('published', 'suppressed')),
    PRIMARY KEY (node, area_code, cell),
    CHECK ((status = 'suppressed') = (people IS NULL)),
    CHECK (people IS NOT NULL OR contacts IS NULL)
);
COMMENT ON TABLE cube IS 'Protected counts of people known to partners: rounded, small ones suppressed, zero included. Every cell of the closed lattice is a row. Never people, never exact counts';
COMMENT ON COLUMN cube.area_code IS 'Code of the data zone, intermediate zone or council; name of the ward or locality';
COMMENT ON COLUMN cube.cell IS 'name=value in the order of names, joined by ";"; empty for everybody';

CREATE TABLE cohort (
    cohort_id VARCHAR PRIMARY KEY,
    name      VARCHAR NOT NULL,
    rule      VARCHAR NOT NULL,
    sentence  VARCHAR NOT NULL
);
COMMENT ON TABLE cohort IS 'The saved cohorts that this release counts; rule: JSON, as the catalogue had it';

CREATE TABLE cube_fact (
    name  VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE cube_fact IS 'What the cube is: window_to (YYYY-MM), months, policy_hash, lattice_hash, contract_version, partners, key_kinds (JSON shares), known_people (rounded), retain_until (first and last day, joined by ";"), audited_at, audit; empty when no contacts were imported';

CREATE TABLE asset (
    asset_id  VARCHAR PRIMARY KEY,
    name      VARCHAR NOT NULL,
    about     VARCHAR NOT NULL,
    area_code VARCHAR NOT NULL REFERENCES area (area_code),
    source_id VARCHAR NOT NULL REFERENCES source (source_id)
);
COMMENT ON TABLE asset IS 'Organisations of a register by the area of their registered postcode, which is not kept: it may be a home. Never scored';
COMMENT ON COLUMN asset.about IS 'What the register says of them, such as a charity''s purposes; may be empty';
