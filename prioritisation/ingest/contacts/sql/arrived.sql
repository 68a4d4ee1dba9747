-- Rows of this import that keep the contract, in memory only. first_key is gone as soon as people are keyed again.
CREATE TABLE first_key (
    id       INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    key_kind VARCHAR NOT NULL,
    partner  VARCHAR NOT NULL,
    first    BLOB NOT NULL
);
CREATE TABLE arrived_contact (
    number     INTEGER NOT NULL,
    person     INTEGER NOT NULL,
    key_id     VARCHAR NOT NULL,
    area_code  VARCHAR,
    place      VARCHAR NOT NULL,
    age_band   VARCHAR NOT NULL,
    sex        VARCHAR NOT NULL,
    partner    VARCHAR NOT NULL,
    service    VARCHAR NOT NULL,
    month      DATE NOT NULL,
    contacts   INTEGER NOT NULL,
    flags      VARCHAR NOT NULL,
    cost       DECIMAL(12, 2)
);
