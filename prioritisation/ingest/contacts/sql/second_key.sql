-- What the first keys became; id: the person of arrived_contact.
CREATE TABLE second_key (
    id       INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    key_kind VARCHAR NOT NULL,
    second   BLOB NOT NULL
);
