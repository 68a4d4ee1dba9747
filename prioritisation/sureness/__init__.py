"""How sure a shortlist is beyond one weighting: rank intervals, the smallest change, drop-one, methods, gaps."""
