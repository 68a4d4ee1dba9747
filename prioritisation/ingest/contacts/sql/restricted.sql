-- The restricted store: people known to partners and their contacts. Only the importer opens it; never the app.
CREATE TABLE fact (
    name  VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE fact IS 'What this store is: layout, release_id, app_key_id (which key the people were keyed with), contract_version, software_version, built_at (UTC)';

CREATE TABLE extract (
    extract_id       INTEGER PRIMARY KEY,
    partner          VARCHAR NOT NULL,
    services         VARCHAR NOT NULL,
    key_id           VARCHAR NOT NULL,
    key_kinds        VARCHAR NOT NULL,
    contract_version VARCHAR NOT NULL,
    month_from       DATE NOT NULL,
    month_to         DATE NOT NULL,
    row_count        BIGINT NOT NULL,
    content          VARCHAR NOT NULL,
    received_at      TIMESTAMP NOT NULL,
    retain_until     DATE NOT NULL,
    replaces         VARCHAR
);
COMMENT ON TABLE extract IS 'Each extract that still has rows here. services, key_kinds, replaces: joined by ";". content: the same for the same rows in any order. replaces: the extracts that were taken out as a whole for this one, if any';

CREATE TABLE person (
    person_id INTEGER PRIMARY KEY,
    person    BLOB NOT NULL,
    key_kind  VARCHAR NOT NULL
);
COMMENT ON TABLE person IS 'One row per second key; person_id is dense, in the order of the keys, and means nothing in another store';

CREATE TABLE contact (
    extract_id INTEGER NOT NULL,
    person_id  INTEGER NOT NULL,
    area_code  VARCHAR,
    place      VARCHAR NOT NULL CHECK (place IN ('area', 'no fixed abode', 'withheld')),
    age_band   VARCHAR NOT NULL,
    sex        VARCHAR NOT NULL,
    service    VARCHAR NOT NULL,
    month      DATE NOT NULL,
    contacts   INTEGER NOT NULL CHECK (contacts > 0),
    flags      VARCHAR[] NOT NULL,
    cost       DECIMAL(12, 2),
    CHECK ((place = 'area') = (area_code IS NOT NULL))
);
COMMENT ON TABLE contact IS 'Contacts of one person with one service in one month, as one extract states them';

CREATE TABLE resident (
    person_id INTEGER PRIMARY KEY,
    area_code VARCHAR,
    place     VARCHAR NOT NULL,
    age_band  VARCHAR NOT NULL,
    sex       VARCHAR NOT NULL
);
COMMENT ON TABLE resident IS 'What holds for each person across extracts: the newest known; an address that any extract withholds is withheld';
