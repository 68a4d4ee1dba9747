"""Votes: everybody's own weights, gathered unseen, revealed together, compared, and applied as a scenario."""

from prioritisation.ui.page import show_page
from prioritisation.ui.rounds.page import votes

show_page("Votes", votes)
