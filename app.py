"""The app: page settings and menu only. Every page asks `ui.page` for what it needs."""

import streamlit as st

from prioritisation.ui.navigation import navigation

st.set_page_config(page_title="Where to start", layout="wide")
navigation()
