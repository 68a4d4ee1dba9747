"""The profile sheet of one locality: its areas by rank, and its averages beside the council's and the country's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prioritisation.documents.model import (
    NUMBER,
    Beside,
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Table,
)
from prioritisation.errors import UserError
from prioritisation.sheets.setting import SheetSetting, locality_map, sheet
from prioritisation.words import areas_words, listed, number, percent, share_words, unit_words

MOST_AREAS = 24


def localities(setting: SheetSetting) -> list[str]:
    """Return the names of the localities of this release."""
    return sorted(str(name) for name in setting.ranking.areas["locality"].dropna().unique())


def locality_sheet(setting: SheetSetting, name: str) -> Document:
    """Return the sheet of one locality. UserError: this release has none of that name."""
    known = localities(setting)
    if name not in known:
        raise UserError(
            f"There is no locality '{name}' in this release.",
            not_done="No sheet was made.",
            remedy=f"Give one of: {'; '.join(known)}." if known else "No area of this release has a locality.",
        )
    table = setting.ranking.table()
    inside = table[table["locality"] == name]
    beside: list[Block] = [
        _facts(setting, inside),
        Paragraph(_sentence(setting, name, inside)),
        _priorities(setting, inside),
    ]
    drawn = locality_map(setting, name, None)
    head: list[Block] = [Beside(tuple(beside), tuple(drawn), 0.62)] if drawn else beside
    blocks = [*head, *_areas(setting, inside), *_indicators(setting, name)]
    return sheet(setting, "Locality profile", name, areas_words(len(inside)), blocks)


def _facts(setting: SheetSetting, inside: pd.DataFrame) -> Facts:
    everybody = setting.ranking.areas["population"].sum()
    people = inside["population"].sum()
    on_list = int(_shortlisted(setting, inside).sum())
    facts = [(f"{on_list:,}", f"of its {areas_words(len(inside))} in the first {_cut(setting)}")]
    if people and everybody:
        facts += [(f"{int(people):,}", "residents"), (share_words(people / everybody), f"of {setting.place}")]
    return Facts(tuple(facts))


def _sentence(setting: SheetSetting, name: str, inside: pd.DataFrame) -> str:
    scored = inside[inside["rank"].notna()]
    if scored.empty:
        return f"No area of {name} is scored."
    first = scored.iloc[0]
    gap = len(inside) - len(scored)
    unscored = f" {areas_words(gap)} {'is' if gap == 1 else 'are'} not scored." if gap else ""
    chosen = [str(each) for each in inside.loc[_shortlisted(setting, inside), "name"]]
    on_list = f" In the first {_cut(setting)}: {listed(chosen, 4)}." if len(chosen) > 1 else ""
    return f"{first['name']} has the greatest need here (rank {int(first['rank'])}).{on_list}{unscored}"


def _priorities(setting: SheetSetting, inside: pd.DataFrame) -> Table:
    """Return the mean score of each priority, here and in all areas, each area counting by its residents."""
    everywhere = setting.ranking.table()
    rows = tuple(
        (Cell(each.name), Cell(_mean(inside, each.id)), Cell(_mean(everywhere, each.id)))
        for each in setting.ranking.scenario.framework.priorities
    )
    columns = (Column("Mean score, by residents", room=1), Column("Here", NUMBER), Column("All areas", NUMBER))
    return Table("", columns, rows, dense=True)


def _mean(table: pd.DataFrame, column: str) -> str:
    known = table[table[column].notna() & table["population"].fillna(0).gt(0)]
    if known.empty:
        return number(float("nan"))
    return f"{np.average(known[column].astype(float), weights=known['population'].astype(float)):.1f}"


def _areas(setting: SheetSetting, inside: pd.DataFrame) -> list[Block]:
    shown = inside.head(MOST_AREAS)
    half = (len(shown) + 1) // 2
    sides = tuple(_ranked(setting, part) for part in (shown.iloc[:half], shown.iloc[half:]) if len(part))
    more = (
        f"Its {len(shown):,} areas with the greatest need, of {len(inside):,}"
        if len(shown) < len(inside)
        else "Its areas"
    )
    table: Block = Beside((sides[0],), (sides[1],)) if len(sides) > 1 else sides[0]
    return [Heading(more), table]


def _ranked(setting: SheetSetting, part: pd.DataFrame) -> Table:
    rows = tuple(
        (
            Cell(f"{int(row['rank'])}" if pd.notna(row["rank"]) else ""),
            Cell(str(row["name"])),
            Cell(f"{row['score']:.1f}" if pd.notna(row["score"]) else "not scored"),
            Cell(setting.sureness[str(row["id"])].word),
        )
        for _, row in part.iterrows()
    )
    columns = (
        Column("Rank", NUMBER),
        Column("Area", room=1),
        Column("Score", NUMBER),
        Column(f"In the first {_cut(setting)}"),
    )
    return Table("", columns, rows, dense=True)


def _indicators(setting: SheetSetting, name: str) -> list[Block]:
    """Return the averages of each priority's indicators here, in the council and in the country."""
    comparison = setting.comparison
    if name not in comparison.localities.index:
        return []
    places = [("Here", comparison.localities.T[name]), ("Council", comparison.council)]
    places += [("Scotland", comparison.country)] if comparison.country is not None else []
    made: list[tuple[Cell, ...]] = []
    for priority, weight in zip(
        setting.ranking.scenario.framework.priorities, setting.ranking.scenario.weights, strict=True
    ):
        made.append((Cell(f"{priority.name}: {percent(weight) if weight else 'off'}"),))
        for part in priority.indicators:
            unit = str(comparison.indicators["unit"][part.id])
            words = ", ".join(each for each in (str(comparison.indicators["name"][part.id]), unit_words(unit)) if each)
            made.append((Cell(words), *(Cell(number(values[part.id], unit)) for _, values in places)))
    columns = (Column("Indicator", room=1), *(Column(label, NUMBER) for label, _ in places))
    return [Heading("How it compares"), Table("", columns, tuple(made), dense=True)]


def _shortlisted(setting: SheetSetting, inside: pd.DataFrame) -> pd.Series:
    return inside["rank"].le(_cut(setting)).fillna(False).astype(bool)


def _cut(setting: SheetSetting) -> int:
    return setting.ranking.scenario.framework.cut
