-- A cohort that differs from an older one by too few people is not counted.
DELETE FROM in_cohort WHERE cohort = $cohort;
