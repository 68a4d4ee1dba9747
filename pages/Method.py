"""Method: indicators, sources and formulas in force."""

from prioritisation.ui.method_page import method
from prioritisation.ui.page import show_page

show_page("Method", method, needs_areas=False)
