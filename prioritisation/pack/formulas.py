"""The cells of a pack's three live sheets. Scores are worked out as in `scoring`, in the same order of additions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from prioritisation.pack.content import Content
from prioritisation.pack.lists import STATUS, VALUE, shortlist_table, values_table
from prioritisation.prioritise import NOT_SCORED
from prioritisation.scoring import GEOMETRIC_FLOORS_SCORES_AT, TIES_PER_POINT, terms, weighted_sum
from prioritisation.weights import PARTS, PARTS_PER_PERCENT

WEIGHTS = "Weights"
FIRST_ROW = 4  # of every sheet's table, as a spreadsheet counts
CALCULATED = ("Weighted sum", "Score", "Tie key", "Rank", "Place")
DESCRIBED = ("Code", "Area", "Locality", "Residents")
_FIRST_SCORE = len(DESCRIBED) + len(CALCULATED)
_SHOWN = (("Area", "name", ""), ("Code", "id", ""), ("Locality", "locality", ""), ("Residents", "population", "whole"))
LOOKED_UP = (
    ("Agreed position", "agreed_position"),
    ("Agreed mark", "agreed_mark"),
    ("Reason", "reason"),
    ("Review on", "review_on"),
    ("In the patch", "patch"),
    ("Coverage", "coverage"),
    ("How sure (as exported)", "stability"),
    ("Share of weightings (as exported)", "stability_probability"),
    ("Nearest change (as exported)", "flip"),
)


@dataclass(frozen=True)
class Cell:
    """One cell. value: what it holds, or what its formula gives now; look: name of a format."""

    value: Any
    look: str = "text"
    formula: str = ""

    @classmethod
    def of(cls, value: Any) -> Cell:
        """Return a cell in the look that fits the value's type."""
        if isinstance(value, Integral) and not isinstance(value, bool):
            return cls(int(value), "whole")
        if isinstance(value, Real) and not isinstance(value, bool):
            return cls(float(value), "number")
        return cls(value)

    @property
    def is_empty(self) -> bool:
        return self.value is None or self.value is pd.NA or self.value == "" or self.value != self.value

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)


def weight_cells(content: Content) -> tuple[list[str], list[list[Cell]]]:
    """Return the sheet Weights: a priority each, its weight to change and its share; then the length of the list.

    The weights are rounded as `canonical_percentages` does, so that the product finds the same from the same cells.
    """
    framework, scenario = content.scenario.framework, content.scenario
    count = len(framework.priorities)
    total, parts, whole = (_added(column, count) for column in "CDE")
    rows = []
    for number, each in enumerate(framework.priorities):
        line, percentage = FIRST_ROW + number, scenario.percentages[number]
        largest = f"MATCH(MAX({_rows('D', count)}),{_rows('D', count)},0)={number + 1}"
        rest = f"IF({largest},{PARTS}-({parts}),0)"
        live = [
            Cell(
                round(percentage * PARTS_PER_PERCENT), "whole", f"=IF({total}>0,ROUND({PARTS}*C{line}/({total}),0),0)"
            ),
            Cell(percentage, "share", f"=IF({total}>0,(D{line}+{rest})/{PARTS_PER_PERCENT},0)"),
            Cell(scenario.weights[number], "share", f"=IF({total}>0,E{line}/({whole}),0)"),
        ]
        rows.append(
            [
                Cell(each.id),
                Cell(each.name),
                Cell(percentage, "input"),
                *live,
                Cell(percentage, "share"),
                Cell(each.question),
            ]
        )
    cut = [Cell("cut"), Cell("Areas on the computed list"), Cell(framework.cut, "input"), *[Cell(None)] * 3]
    rows.append([*cut, Cell(framework.cut, "whole"), Cell("All that tie at the last place are on the list")])
    live_heads = ["Parts of a million", "Per cent", "Share"]
    return ["Id", "Priority", "Weight", *live_heads, "Weight as exported", "Question"], rows


def _added(column: str, count: int) -> str:
    """Return the cells of a column one added to the other: programs round SUM in ways of their own."""
    return "+".join(f"${column}${FIRST_ROW + number}" for number in range(count))


def _rows(column: str, count: int) -> str:
    return f"${column}${FIRST_ROW}:${column}${FIRST_ROW + count - 1}"


def value_cells(content: Content) -> tuple[list[str], list[list[Cell]]]:
    """Return the sheet Values: areas by code, what is calculated, priority scores, indicators, what is looked up."""
    scores, priorities = content.ranking.scores, content.scenario.framework.priorities
    table = shortlist_table(content).assign(place=lambda rows: range(1, len(rows) + 1)).set_index("id")
    values, total, finder = _indicator_values(content), _weighted_sums(content), _Finder(content)
    rows = []
    for unit, code in enumerate(scores.unit_ids):
        row = table.loc[code]
        live = _calculated(content, finder, FIRST_ROW + unit)
        known = (total[unit], row["score"], np.floor(total[unit] * TIES_PER_POINT + 0.5), row["rank"], row["place"])
        looks = ("share", "number", "whole", "whole", "whole")
        cells = [Cell(code), Cell(row["name"]), Cell(_known(row["locality"])), Cell(_known(row["population"]), "whole")]
        cells += [Cell(_or_not_scored(each), look, text) for each, look, text in zip(known, looks, live, strict=True)]
        cells += [Cell(_known(score), "number") for score in scores.priority_scores[unit].tolist()]
        cells += [Cell.of(_known(each)) for each in values.iloc[unit].tolist()]
        cells += [Cell.of(_known(row[name])) for _, name in LOOKED_UP]
        rows.append(cells)
    heads = [*DESCRIBED, *CALCULATED, *(each.name for each in priorities)]
    return [*heads, *(_indicator_head(content, str(name)) for name in values), *(head for head, _ in LOOKED_UP)], rows


def list_cells(content: Content) -> tuple[list[str], list[list[Cell]]]:
    """Return the sheet Shortlist: one area a place, looked up in Values by the place that it has there now."""
    priorities, units = content.scenario.framework.priorities, content.ranking.scores.unit_ids
    position = {code: row for row, code in enumerate(units, start=1)}
    finder = _Finder(content)
    cut = f"{WEIGHTS}!$C${FIRST_ROW + len(priorities)}"
    rows = []
    for place, row in enumerate(shortlist_table(content).to_dict("records"), start=1):
        line = FIRST_ROW + place - 1
        shown = [(finder.described(name), row[key], look) for name, key, look in _SHOWN]
        after = [(finder.looked_up(number), row[name], "") for number, (_, name) in enumerate(LOOKED_UP)]
        after += [(finder.priority(number), row[each.id], "number") for number, each in enumerate(priorities)]
        on_list = f'=IF(ISNUMBER($C{line}),IF($C{line}<={cut},"yes","no"),"no")'
        rows.append(
            [
                Cell(place, "whole"),
                Cell(position[row["id"]], "whole", f"=MATCH($A{line},{finder.calculated('Place')},0)"),
                Cell(_or_not_scored(row["rank"]), "whole", f"=INDEX({finder.calculated('Rank')},$B{line})"),
                *(finder.cell(line, *each) for each in shown),
                Cell(_or_not_scored(row["score"]), "number", f"=INDEX({finder.calculated('Score')},$B{line})"),
                Cell(row["computed_list"], "text", on_list),
                *(finder.cell(line, *each) for each in after),
            ]
        )
    heads = ["Place", "Row in Values", "Rank", *(name for name, *_ in _SHOWN), "Score", "On the computed list"]
    return [*heads, *(head for head, _ in LOOKED_UP), *(each.name for each in priorities)], rows


class _Finder:
    """Names the columns of the sheet Values, and looks things up in them."""

    def __init__(self, content: Content) -> None:
        self._count = len(content.ranking.scores.unit_ids)
        self._after_scores = _FIRST_SCORE + len(content.scenario.framework.priorities)
        self._after_values = self._after_scores + _indicator_values(content).shape[1]

    def described(self, name: str) -> str:
        return self.column(DESCRIBED.index(name))

    def calculated(self, name: str, sheet: str = "Values!") -> str:
        return self.column(len(DESCRIBED) + CALCULATED.index(name), sheet)

    def priority(self, number: int) -> str:
        return self.column(_FIRST_SCORE + number)

    def looked_up(self, number: int) -> str:
        return self.column(self._after_values + number)

    def column(self, place: int, sheet: str = "Values!") -> str:
        """Return the fixed address of a column's cells."""
        name = letters(place)
        return f"{sheet}${name}${FIRST_ROW}:${name}${FIRST_ROW + self._count - 1}"

    def cell(self, line: int, column: str, value: Any, look: str = "") -> Cell:
        """Return a cell that shows what the area of this line has in a column; blank stays blank."""
        found = f"INDEX({column},$B{line})"
        known = _known(value)
        return Cell(known, look or Cell.of(known).look, f'=IF(ISBLANK({found}),"",{found})')


def _calculated(content: Content, finder: _Finder, line: int) -> tuple[str, str, str, str, str]:
    """Return one row's formulas: weighted sum, score, tie key, rank, place."""
    framework = content.scenario.framework
    numbers = range(len(framework.priorities))
    shares = [f"{WEIGHTS}!$F${FIRST_ROW + number}" for number in numbers]
    summed = _sum_formula(
        shares, [f"{letters(_FIRST_SCORE + number)}{line}" for number in numbers], framework.aggregate
    )
    total, _, tie, rank, _ = (f"{letters(len(DESCRIBED) + number)}{line}" for number in range(len(CALCULATED)))
    ties, ranks = finder.calculated("Tie key", ""), finder.calculated("Rank", "")
    score = f"EXP({total})" if framework.aggregate == "geometric" else total
    return (
        f"={summed}",
        f'=IF(ISNUMBER({total}),{score},"{NOT_SCORED}")',
        f'=IF(ISNUMBER({total}),INT({total}*{TIES_PER_POINT:.0f}+0.5),"{NOT_SCORED}")',
        f'=IF(ISNUMBER({total}),RANK({tie},{ties},0),"{NOT_SCORED}")',
        f"=IF(ISNUMBER({total}),{rank}-1,COUNT({ranks}))+COUNTIF({ranks.split(':')[0]}:{rank},{rank})",
    )


def _sum_formula(shares: Sequence[str], scores: Sequence[str], aggregate: str) -> str:
    """Return the sum over priorities in order, or "not scored" where one that counts is blank."""
    lowest = f"{GEOMETRIC_FLOORS_SCORES_AT:.0f}"
    term = [f"LN(MAX({each},{lowest}))" if aggregate == "geometric" else each for each in scores]
    missing = ",".join(f"AND({share}>0,ISBLANK({score}))" for share, score in zip(shares, scores, strict=True))
    summed = "+".join(f"{share}*{each}" for share, each in zip(shares, term, strict=True))
    return f'IF(OR({missing}),"{NOT_SCORED}",{summed})'


def _weighted_sums(content: Content) -> list[float]:
    scores = content.ranking.scores
    columns = terms(scores.priority_scores, content.scenario.framework.aggregate)
    return weighted_sum(columns, scores.weights).tolist()


def _indicator_values(content: Content) -> pd.DataFrame:
    values = values_table(content)
    return values[[name for name in values if str(name).startswith((VALUE, STATUS))]]


def _indicator_head(content: Content, name: str) -> str:
    kind, _, indicator = name.partition("_")
    row = content.indicators.loc[indicator]
    return f"{row['name']} ({row['unit']})" if kind == "value" else f"{row['name']}: status"


def _or_not_scored(value: Any) -> Any:
    return NOT_SCORED if pd.isna(value) else value


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def letters(place: int) -> str:
    """Return a column's letters, 0 being A."""
    name = ""
    while place >= 0:
        name = chr(ord("A") + place % 26) + name
        place = place // 26 - 1
    return name
