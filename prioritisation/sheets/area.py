"""The profile sheet of one area."""

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
    Strong,
    Table,
)
from prioritisation.drawing.looks import PRIORITIES
from prioritisation.drawing.strips import bar, strip
from prioritisation.drawing.svg import picture
from prioritisation.framework import HIGHER_IS_WORSE
from prioritisation.over_time import standing_out
from prioritisation.profiles import Profile, area_profile
from prioritisation.sheets.setting import SheetSetting, locality_map, sheet
from prioritisation.similar_areas import nearest_sentence
from prioritisation.words import number, percent, place_words, share_words, unit_words, valued

MOST_ROWS = 22
MOST_OTHERS = 6
SLIM_FROM = 17  # indicators; from there on a row is one line, without its period


def area_sheet(setting: SheetSetting, area_code: str) -> Document:
    """Return the sheet of one area. UserError: no such area in this release."""
    profile = area_profile(setting.comparison, setting.ranking, area_code)
    area = profile.area
    known = [area["locality"], area["ward"], area["urban_rural"]]
    parts = [str(each) for each in known if isinstance(each, str) and each]
    locality = str(area["locality"]) if isinstance(area["locality"], str) else ""
    drawn = locality_map(setting, locality, area_code) if locality else []
    made_of: list[Block] = [
        _facts(setting, profile),
        Heading("What its score is made of"),
        _contributions(setting, profile),
    ]
    made_of.append(Paragraph(_coverage(profile), "quiet"))
    head: list[Block] = [Beside(tuple(made_of), tuple(drawn), 0.64)] if drawn else made_of
    blocks = [*head, *_indicators(setting, profile), *_alike_and_changed(setting, area_code)]
    return sheet(setting, "Area profile", str(area["name"]), " · ".join([*parts, area_code]), blocks)


def _facts(setting: SheetSetting, profile: Profile) -> Facts:
    people, cut = profile.area["population"], setting.ranking.scenario.framework.cut
    facts = []
    if profile.rank:
        facts += [(f"{profile.rank:,}", f"rank of {profile.scored_areas:,}"), (f"{profile.score:.1f}", "score of 100")]
    else:
        facts.append(("Not scored", "too few values are known"))
    if pd.notna(people):
        facts.append((f"{int(people):,}", "residents"))
    if profile.rank:
        sure = setting.sureness[profile.area_code]
        facts.append((share_words(sure.share), f"{sure.word.lower()} in the first {cut}"))
    return Facts(tuple(facts))


def _contributions(setting: SheetSetting, profile: Profile) -> Table:
    """Return a row per priority: its weight, its score, and the bar of what it adds."""
    aggregate = setting.ranking.scenario.framework.aggregate
    widest = float(profile.priorities["weight"].max())
    rows = []
    for place, (_, row) in enumerate(profile.priorities.iterrows()):
        weight, score = float(row["weight"]), float(row["score"])
        drawn = bar(score / 100, PRIORITIES[place % len(PRIORITIES)], weight / widest)
        rows.append(
            (
                Cell(str(row["name"])),
                Cell("", svg=picture(drawn) if weight else ""),
                Cell("not scored" if np.isnan(score) else f"{score:.1f}"),
                Cell(percent(weight) if weight else "off"),
                *([Cell(_points(weight, float(row["points"])))] if aggregate == "arithmetic" else []),
            )
        )
    columns = [Column("Priority", room=1.5), Column("", room=1), Column("Score", NUMBER), Column("Weight", NUMBER)]
    columns += [Column("Points", NUMBER)] if aggregate == "arithmetic" else []
    return Table("", tuple(columns), tuple(rows), dense=True)


def _points(weight: float, points: float) -> str:
    return "" if not weight or np.isnan(points) else f"{points:.1f}"


def _coverage(profile: Profile) -> str:
    if profile.coverage >= 1 - 1e-9:
        return "Every value that counts towards the score is known."
    return f"{percent(profile.coverage)} of the weight rests on known values; the rest is not filled in."


def _alike_and_changed(setting: SheetSetting, area_code: str) -> list[Block]:
    """Return which areas are like it and what changed, each in a sentence."""
    told = [nearest_sentence(setting.alike, area_code), standing_out(setting.changes, area_code)]
    return [Paragraph(each) for each in told if each]


def _indicators(setting: SheetSetting, profile: Profile) -> list[Block]:
    """Return the indicators of each priority, and a few others on which the area stands out."""
    rows, averages = profile.indicators, _averages(setting, profile)
    groups = []
    for priority in setting.ranking.scenario.framework.priorities:
        groups.append((priority.name, [part.id for part in priority.indicators if part.id in rows.index]))
    counted = [name for _, names in groups for name in names]
    others = _standing_out(rows.drop(index=counted), max(0, min(MOST_OTHERS, MOST_ROWS - len(counted))))
    if others:
        groups.append(("Not part of the score: where it stands out most among the other indicators", others))
    made: list[tuple[Cell, ...]] = []
    slim = len(counted) >= SLIM_FROM
    for name, names in groups:
        if names:
            made += [
                (Cell(name),),
                *(_row(setting, str(key), row, averages, slim) for key, row in rows.loc[names].iterrows()),
            ]
    columns = (
        Column("Indicator", room=1.7),
        Column("This area", NUMBER),
        Column("Greatest need to the right", room=0.95),
        Column("Rank", NUMBER),
        *(Column(label, NUMBER, 0.55) for label, _ in averages),
    )
    title = Heading(f"How it compares with {len(setting.ranking.areas):,} areas of {setting.place}")
    return [title, Table("", columns, tuple(made), dense=True)]


def _averages(setting: SheetSetting, profile: Profile) -> list[tuple[str, str]]:
    """Return (label, column) of the averages that this release has."""
    columns = [("Locality", "locality"), ("Council", "council"), ("Scotland", "country")]
    return [(label, column) for label, column in columns if profile.indicators[column].notna().any()]


def _standing_out(rows: pd.DataFrame, most: int) -> list[str]:
    """Return the other indicators on which the area is among the first third, greatest need first; never mere ranks."""
    known = rows[(rows["rank"] > 0) & (rows["rank"] <= rows["ranked"] / 3) & ~rows["unit"].str.startswith("rank")]
    return [str(name) for name in known.sort_values(["rank", "name"]).head(most).index]


def _row(
    setting: SheetSetting, key: str, row: pd.Series, averages: list[tuple[str, str]], slim: bool
) -> tuple[Cell, ...]:
    unit = str(row["unit"])
    period = row["period"] if isinstance(row["period"], str) and row["period"] else "period not stated"
    rank = int(row["rank"]) if pd.notna(row["rank"]) else 0
    return (
        _named(str(row["name"]), unit_words(unit), period, slim),
        Cell((Strong(valued(row["value"], str(row["status"]), unit)),)),
        Cell("", svg=_strip(setting, key, row)),
        Cell(place_words(rank, int(row["ranked"])).partition(" of ")[0]),
        *(Cell(number(float(row[column]), unit)) for _, column in averages),
    )


def _named(name: str, unit: str, period: str, slim: bool) -> Cell:
    if slim:
        return Cell(f"{name}, {unit}" if unit else name)
    return Cell(name, small=" · ".join(part for part in (unit, period) if part))


def _strip(setting: SheetSetting, key: str, row: pd.Series) -> str:
    values = setting.comparison.observations["value"].xs(key, level="indicator_id").to_numpy(dtype=float)
    sign = 1.0 if row["polarity"] == HIGHER_IS_WORSE else -1.0
    return picture(strip(sign * values, sign * float(row["value"])))
