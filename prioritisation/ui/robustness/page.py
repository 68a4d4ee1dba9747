"""What the Robustness page shows: how sure the shortlist is, a sentence, a picture and a table for each question."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from prioritisation.findings import Finding, HowSure, findings
from prioritisation.ui.charts import show_chart, source_line
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import link_to
from prioritisation.ui.page import title
from prioritisation.ui.robustness.flip_rulers import rulers_markup, smallest_markup
from prioritisation.ui.robustness.how_sure import BAND, BANDS, chosen_band, how_sure
from prioritisation.ui.robustness.intervals_chart import intervals_figure, intervals_keys, intervals_legend
from prioritisation.ui.robustness.tables import (
    chance_markup,
    gaps_markup,
    left_out_markup,
    methods_markup,
    overview_markup,
)
from prioritisation.ui.session import View, put_in_link, put_in_widget
from prioritisation.ui.style import show_charts_style, show_sheet
from prioritisation.ui.weight_words import named_weights
from prioritisation.words import NOT_APPLICABLE

QUESTIONS = (
    "Which areas hold?",
    "Under other weights?",
    "Where does it turn?",
    "Without one part?",
    "By other methods?",
    "With gaps and chance?",
)
_KINDS = ("Weights within the band", "Any weights at all")
_KIND = "weights-tried"
Told = dict[str, Finding]


def robustness(view: View) -> None:
    """Show the page."""
    show_charts_style()
    show_sheet("robustness")
    title("How sure is the shortlist?")
    sure = how_sure(view)
    told = {each.id: each for each in findings(sure)}
    if not sure.now.any():
        _say(told["every-test"])
        link_to("Weigh", "Go to Weigh")
        return
    tabs = st.tabs(QUESTIONS, key="robustness-question", on_change="rerun")
    answers: tuple[Callable[[View, HowSure, Told], None], ...] = (_hold, _weights, _turns, _parts, _methods, _gaps)
    for tab, answer in zip(tabs, answers, strict=True):
        if tab.open:
            with tab:
                answer(view, sure, told)


def _hold(view: View, sure: HowSure, told: Told) -> None:
    show(tag("p", told["every-test"].sentence, class_="sentence"))
    show(overview_markup(told["every-test"].table, sure.band))


def _weights(view: View, sure: HowSure, told: Told) -> None:
    said, chosen = st.columns([8, 4], gap="medium", vertical_alignment="top")
    with said:
        _say(told["weights"])
    with chosen:
        _band_box()
    left, right = st.columns([5, 7], gap="medium", vertical_alignment="center")
    with left:
        anyhow = _kind_box()
    with right:
        show(intervals_legend())
    _intervals(view, sure, anyhow)
    _table(told["weights"])


def _kind_box() -> bool:
    """Show which weights the picture is of; return whether it is any at all."""
    chosen = st.segmented_control(
        "Which weights are tried", _KINDS, default=_KINDS[0], key=_KIND, required=True, label_visibility="collapsed"
    )
    return chosen == _KINDS[1]


def _intervals(view: View, sure: HowSure, anyhow: bool) -> None:
    """Show between which ranks each area lies, for a wide screen and for a phone."""
    ids = f"Scenario {view.scenario.id} · release {view.store.release.id}"
    source = source_line(view, view.scenario.framework.indicator_ids, ids)
    for narrow in (False, True):
        key = "chart-intervals" + ("-narrow" if narrow else "")
        with st.container(key=key):
            traces, layout = intervals_figure(sure, anyhow=anyhow, source=source, narrow=narrow)
            alt = "Between which ranks each area lies in nine of ten weightings. The table below has the same."
            file_name, name = f"rank-intervals-{view.scenario.id}", f"{key}-plot"
            show_chart(
                traces, layout, alt=alt, file_name=file_name, key=name, chosen=_choices(view), keys=intervals_keys()
            )


def _choices(view: View) -> list[str]:
    """Return what was chosen, as a picture of a chart says it."""
    framework = view.scenario.framework
    shortlist = f"shortlist of {framework.cut} areas"
    return [f"{view.place} · {framework.name} · {shortlist}", f"Weights: {named_weights(view.scenario)}"]


def _turns(view: View, sure: HowSure, told: Told) -> None:
    left, right = st.columns([8, 4], gap="large")
    with left:
        _say(told["turns"])
        show(rulers_markup(sure))
    with right:
        show(tag("h2", told["smallest"].question))
        _say(told["smallest"])
        show(smallest_markup(told["smallest"].table))
    _table(told["turns"])


def _parts(view: View, sure: HowSure, told: Told) -> None:
    for name in ("priorities", "indicators"):
        show(tag("h2", told[name].question))
        _say(told[name])
        show(left_out_markup(told[name].table))


def _methods(view: View, sure: HowSure, told: Told) -> None:
    _say(told["methods"])
    show(methods_markup(told["methods"].table, sure))


def _gaps(view: View, sure: HowSure, told: Told) -> None:
    show(tag("h2", told["gaps"].question))
    _say(told["gaps"])
    if sure.gaps.has_gaps.any():
        show(gaps_markup(told["gaps"].table))
    show(tag("h2", told["chance"].question))
    _say(told["chance"])
    if sure.chance.columns.size:
        show(chance_markup(told["chance"].table))


def _say(finding: Finding) -> None:
    show(tag("p", finding.sentence, class_="sentence reading"))


def _table(finding: Finding) -> None:
    with st.expander("All of it, as a table"):
        st.dataframe(
            finding.table.rename(columns={"id": "code"}),
            hide_index=True,
            placeholder=NOT_APPLICABLE,
            alt=finding.sentence,
            key=f"table-{finding.id}",
        )


def _band_box() -> None:
    put_in_widget("choose-band", chosen_band())
    st.select_slider(
        "How far each weight may differ from itself",
        BANDS,
        key="choose-band",
        format_func=lambda share: f"{share}%",
        on_change=lambda: put_in_link({BAND: str(st.session_state["choose-band"])}),
    )
