"""Scenarios: what has been saved, and any two compared."""

from prioritisation.ui.page import show_page
from prioritisation.ui.scenarios.page import scenarios

show_page("Scenarios", scenarios)
