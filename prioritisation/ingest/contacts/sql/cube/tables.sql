-- Tables of one counting, gone with the connection. side: 'everyone' now; of the people whose signature has changed
-- since a cell's last refresh, 'after' is how they are now and 'before' how they were then.
CREATE OR REPLACE TEMP TABLE service_of (service VARCHAR, partner VARCHAR, need VARCHAR);
CREATE OR REPLACE TEMP TABLE area_of (zone VARCHAR, geography VARCHAR, area_code VARCHAR);
CREATE OR REPLACE TEMP TABLE condition_of (cohort VARCHAR, condition INTEGER, attribute VARCHAR, value VARCHAR);
CREATE OR REPLACE TEMP TABLE condition_needs (cohort VARCHAR, condition INTEGER, at_least INTEGER);
CREATE OR REPLACE TEMP TABLE known (
    side VARCHAR, person_id BIGINT, zone VARCHAR, age VARCHAR, sex VARCHAR, recent BOOLEAN, contacts BIGINT,
    contacts_band VARCHAR, partners_band VARCHAR
);
CREATE OR REPLACE TEMP TABLE use_of_service (
    side VARCHAR, person_id BIGINT, service VARCHAR, partner VARCHAR, contacts BIGINT, cost DOUBLE
);
CREATE OR REPLACE TEMP TABLE has_flag (side VARCHAR, person_id BIGINT, flag VARCHAR, recent BOOLEAN);
CREATE OR REPLACE TEMP TABLE in_cost_band (side VARCHAR, person_id BIGINT, cost_band VARCHAR);
CREATE OR REPLACE TEMP TABLE in_cohort (side VARCHAR, person_id BIGINT, cohort VARCHAR);
CREATE OR REPLACE TEMP TABLE fine (
    breakdown VARCHAR, zone VARCHAR, age VARCHAR, sex VARCHAR, value VARCHAR, other VARCHAR,
    people BIGINT, contacts BIGINT
);
CREATE OR REPLACE TEMP TABLE top_of_zone (breakdown VARCHAR, zone VARCHAR, value VARCHAR, contacts BIGINT);
CREATE OR REPLACE TEMP TABLE moved (
    breakdown VARCHAR, value VARCHAR, other VARCHAR, from_zone VARCHAR, from_age VARCHAR, from_sex VARCHAR,
    to_zone VARCHAR, to_age VARCHAR, to_sex VARCHAR, people BIGINT
);
CREATE OR REPLACE TEMP TABLE counted_cohort (cohort VARCHAR, rule VARCHAR);
