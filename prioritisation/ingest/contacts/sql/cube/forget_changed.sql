-- Make room for the comparison with another release.
DELETE FROM known WHERE side <> 'everyone';
DELETE FROM use_of_service WHERE side <> 'everyone';
DELETE FROM has_flag WHERE side <> 'everyone';
DELETE FROM in_cost_band WHERE side <> 'everyone';
DELETE FROM in_cohort WHERE side <> 'everyone';
DELETE FROM moved;
