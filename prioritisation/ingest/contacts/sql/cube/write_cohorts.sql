-- Keep which cohorts were published, so that no later one can be nearly one of them.
INSERT OR REPLACE INTO published_cohort SELECT cohort, rule FROM counted_cohort;
