"""The printable sheet of the area on screen, made when somebody asks for it and not at each rerun.

Streamlit makes it on a thread that serves no page, so who asked is carried there, and asked once more what they may.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from prioritisation.access import page_action
from prioritisation.documents.html import html
from prioritisation.documents.pdf import pdf
from prioritisation.sheets.area import area_sheet
from prioritisation.sheets.setting import sheet_setting
from prioritisation.ui.access import carrying, require
from prioritisation.ui.session import View

_KINDS = {"pdf": (pdf, "application/pdf"), "html": (html, "text/html")}


def sheet_downloads(view: View, area: str) -> None:
    """Show a button for each kind of file."""
    name = f"area-{area}-{view.scenario.id}-{view.store.release.id}"
    for column, (kind, (_, mime)) in zip(st.columns(len(_KINDS)), _KINDS.items(), strict=True):
        with column:
            st.download_button(
                f"Profile sheet ({kind.upper()})",
                data=carrying(partial(_made, view, area, kind)),
                file_name=f"{name}.{kind}",
                mime=mime,
                on_click="ignore",
                key=f"sheet-{kind}",
                width="stretch",
            )


def _made(view: View, area: str, kind: str) -> bytes:
    """Return the sheet. UserError: who asks may not see Explore any more."""
    require(page_action("Explore"))
    write, _ = _KINDS[kind]
    return write(area_sheet(sheet_setting(view.store, view.ranking, view.comparison), area))
