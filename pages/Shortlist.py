"""Shortlist: the computed list beside the one that people agree, who signed it off, and the pack for the team."""

from prioritisation.ui.page import show_page
from prioritisation.ui.shortlist.page import shortlist

show_page("Shortlist", shortlist, ids=False)
