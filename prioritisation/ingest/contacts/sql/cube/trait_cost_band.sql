INSERT INTO trait SELECT side, person_id, cost_band, '', NULL FROM in_cost_band WHERE side = $side;
