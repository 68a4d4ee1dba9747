"""Patch: the best connected neighbourhood for one team, and the whole council in patches."""

from prioritisation.ui.page import show_page
from prioritisation.ui.patch.page import patches

show_page("Patch", patches)
