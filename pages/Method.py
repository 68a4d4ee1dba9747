from prioritisation.ui.page import show_page
show_page("Method", lambda view: None)
