"""Start: the framework's practical steps, how far each is, and what comes next."""

from prioritisation.ui.page import show_page
from prioritisation.ui.start_page import start

show_page("Start", start, needs_areas=False)
