-- A round says itself whether it is on demonstration data: the Vote page of the phones opens no release.

ALTER TABLE voting_round ADD COLUMN demonstration BOOLEAN NOT NULL DEFAULT FALSE;
