"""A ranking as the decision record keeps it."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from prioritisation.prioritise import Prioritisation
from prioritisation.workspace.overrides import RankedArea
from prioritisation.workspace.records import Computed


def computed(ranking: Prioritisation) -> Computed:
    """Return the whole ranking, by rank, in plain values that stay readable when the release is gone."""
    table = ranking.table()
    columns = ("id", "name", "locality", "population", "rank", "score")
    rows = zip(*(table[name].tolist() for name in columns), strict=True)
    areas = [
        RankedArea(
            str(code), str(name), _text(locality), _whole(people), _whole(rank), None if pd.isna(rank) else score
        )
        for code, name, locality, people, rank, score in rows
    ]
    return Computed(ranking.scenario, asdict(ranking.release), tuple(areas))


def _whole(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
