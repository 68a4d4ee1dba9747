"""Weigh: weights, map and ranked list, all moving together."""

from prioritisation.ui.page import show_page
from prioritisation.ui.weigh.page import weigh

show_page("Weigh", weigh, ids=False)
