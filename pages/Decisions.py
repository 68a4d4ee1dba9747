"""Decisions: what was decided, by whom and on which data, newest first."""

from prioritisation.ui.decisions_page import decisions
from prioritisation.ui.page import show_page

show_page("Decisions", decisions, needs_areas=False, ids=False)
