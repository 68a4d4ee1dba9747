from prioritisation.ui.page import show_page
show_page("Data", lambda view: None)
