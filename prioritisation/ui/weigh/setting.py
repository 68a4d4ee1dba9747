"""What stays on the Weigh page while weights move, made once for each release, framework and method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from prioritisation.answer import Setting
from prioritisation.scenario import Scenario
from prioritisation.scoring import terms
from prioritisation.ui.maps.showing import frozen_breaks
from prioritisation.ui.session import View
from prioritisation.ui.weigh.arguments import WeighTable


@dataclass(frozen=True, eq=False)
class Shown:
    """A setting as the server computes with it, and as the component takes it."""

    setting: Setting
    breaks: tuple[float, ...]
    table: WeighTable


def shown(view: View) -> Shown:
    """Return what stays. It depends on the release, the council and the framework, not on weights or the cut."""
    starting = Scenario.starting(replace(view.scenario.framework, cut=1))
    return _shown(replace(view, scenario=starting), view.release_key, starting, view.council)


@st.cache_resource(max_entries=16, show_spinner=False)
def _shown(_view: View, release: str, starting: Scenario, council: str | None) -> Shown:
    framework, areas = starting.framework, _view.areas
    scores = _view.ranking.scores.priority_scores
    geometric = framework.aggregate == "geometric"
    setting = Setting(
        codes=tuple(areas.index),
        names=tuple(areas["name"]),
        people=np.asarray(areas["population"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)),
        priority_scores=scores,
        priority_names=tuple(priority.name for priority in framework.priorities),
        aggregate=framework.aggregate,
    )
    table = WeighTable(
        priorities=[
            {"id": priority.id, "name": priority.name, "question": priority.question, "default": priority.weight}
            for priority in framework.priorities
        ],
        aggregate=framework.aggregate,
        areas=_described(areas),
        scores=scores.tolist(),
        logs=terms(scores, framework.aggregate).tolist() if geometric else None,
    )
    return Shown(setting, frozen_breaks(_view), table)


def _described(areas: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "id": code,
            "name": row["name"],
            "locality": row["locality"] if isinstance(row["locality"], str) else None,
            "population": None if pd.isna(row["population"]) else int(row["population"]),
        }
        for code, row in areas.iterrows()
    ]
