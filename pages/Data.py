"""Data: what is loaded, from which files, how old, and what is suppressed, missing or not here."""

from prioritisation.ui.data_page import data
from prioritisation.ui.page import show_page

show_page("Data", data, needs_areas=False)
