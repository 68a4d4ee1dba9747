"""The only script of `prioritisation votes`: the Vote page, and nothing else of the product."""

import streamlit as st

from prioritisation.ui.vote.page import vote

st.set_page_config(page_title="Vote", layout="centered", initial_sidebar_state="collapsed")
vote()
