"""Cohorts: groups of people by their contact with services, counted without anyone being identifiable."""

from prioritisation.ui.cohorts.page import cohorts
from prioritisation.ui.page import show_page

show_page("Cohorts", cohorts)
