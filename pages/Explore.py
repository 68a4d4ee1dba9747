"""Explore: a map and table of any score or indicator; one area's profile."""

from prioritisation.ui.explore.page import explore
from prioritisation.ui.page import show_page

show_page("Explore", explore)
