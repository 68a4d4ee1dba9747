"""Community: what people here know of places, beside the numbers."""

from prioritisation.ui.knowledge.page import community
from prioritisation.ui.page import show_page

show_page("Community", community)
