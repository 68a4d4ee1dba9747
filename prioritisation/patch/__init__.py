"""Neighbourhoods for one team: the best connected patch, its proof and alternatives, and a council in patches."""
