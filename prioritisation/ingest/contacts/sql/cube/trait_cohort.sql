INSERT INTO trait SELECT side, person_id, cohort, '', NULL FROM in_cohort WHERE side = $side;
