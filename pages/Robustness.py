"""Robustness: how sure the shortlist is, and what it hangs on."""

from prioritisation.ui.page import show_page
from prioritisation.ui.robustness.page import robustness

show_page("Robustness", robustness)
