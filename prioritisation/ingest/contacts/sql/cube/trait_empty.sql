-- One breakdown at a time: who has which value of it.
CREATE OR REPLACE TEMP TABLE trait (side VARCHAR, person_id BIGINT, value VARCHAR, other VARCHAR, contacts BIGINT);
