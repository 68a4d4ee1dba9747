-- People whose cost is known.
SELECT count(*) AS people FROM in_cost_band WHERE side = 'everyone';
