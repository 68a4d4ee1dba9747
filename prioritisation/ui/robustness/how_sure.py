"""How sure the shortlist on screen is, worked out once for each scenario, release and band."""

from __future__ import annotations

import streamlit as st

from prioritisation.findings import HowSure
from prioritisation.findings import how_sure as worked_out
from prioritisation.prioritise import inputs
from prioritisation.scenario import Scenario
from prioritisation.ui.session import View

BAND, USUAL_BAND = "band", 25
BANDS = (5, 10, 15, 20, 25, 30, 40, 50)


def how_sure(view: View) -> HowSure:
    """Return it for the scenario and the band in the address. UserError: an indicator is not loaded."""
    return _how_sure(view, view.release_key, view.scenario, view.council, chosen_band())


def chosen_band() -> int:
    """Return by how many per cent of itself each weight may differ: the address's choice, or the usual one."""
    wanted = st.query_params.get(BAND, "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted[:4]) in BANDS else USUAL_BAND


@st.cache_resource(max_entries=16, show_spinner=False)
def _how_sure(_view: View, release: str, scenario: Scenario, council: str | None, band: int) -> HowSure:
    read = inputs(_view.store, scenario, council)
    return worked_out(_view.ranking, read, _view.indicators, _view.observations, band / 100)
