"""Whom the briefing's list reaches and does not, and the groups of people in words. Published counts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counting import PUBLISHED
from prioritisation.documents.model import NUMBER, Block, Cell, Column, Heading, Paragraph, Strong, Table
from prioritisation.fairness import coverage, coverage_by_group, rural_need_missed
from prioritisation.pack.content import Content
from prioritisation.pack.listed import listed_ranks
from prioritisation.reach import (
    FIRST_CHOICE,
    RESIDENTS,
    Counted,
    countable,
    counted,
    ordered_classes,
    places_sentence,
    reach_sentence,
)
from prioritisation.scoring import Ranks
from prioritisation.words import areas_words, listed, share_words

MOST_NAMED = 8
PLACES_TOLD = 2
NO_FIXED_ADDRESS = (
    "People without a fixed address, and people whose address is protected, belong to no area: no list of areas "
    "reaches them by itself."
)


def reach_blocks(content: Content, codes: Sequence[str]) -> list[Block]:
    """Return who is reached, how that falls over places, and who is not. codes: of the areas on the list."""
    areas, rank = content.ranking.areas, listed_ranks(content, codes)
    residents = _counted(content, RESIDENTS)
    blocks: list[Block] = [Heading("Who is not reached"), Paragraph(_missed(content, rank, residents))]
    kinds = (("locality", areas["locality"]), ("urban-rural class", ordered_classes(areas["urban_rural"])))
    known = {kind: group for kind, group in kinds if group.notna().any()}
    if known and np.nansum(residents.counts) > 0:
        blocks += _places(rank, residents, known)
    unscored = [str(name) for name in areas.loc[content.ranking.scores.rank == 0, "name"]]
    if unscored:
        told = f"{areas_words(len(unscored))} could not be ranked, because too few of their values are known: "
        blocks.append(Paragraph((Strong("Not scored. "), f"{told}{listed(unscored, MOST_NAMED)}.")))
    return [*blocks, Paragraph(NO_FIXED_ADDRESS)]


def _counted(content: Content, whom: str) -> Counted:
    return counted(content.ranking.areas, content.indicators, content.observations, whom)


def _missed(content: Content, rank: Ranks, residents: Counted) -> str:
    """Return whom the list holds, and how much of the rest is rural."""
    known = countable(content.indicators, content.observations)
    whom = _counted(content, FIRST_CHOICE) if FIRST_CHOICE in known else residents
    everybody = coverage(rank, 1, residents.counts)
    if not whom.known:
        return "This release has no count of people, so this cannot be told."
    told = reach_sentence(coverage(rank, 1, whom.counts), whom, everybody)
    classes = content.ranking.areas["urban_rural"]
    if not classes.notna().any():
        return told
    missed = rural_need_missed(rank, 1, whom.counts, classes)
    who = whom.who.removeprefix("all ")
    if not missed.outside:
        return told
    rural = f"{share_words(missed.rural_share_of_missed)} ({missed.rural:,.0f}) {whom.where} in rural areas"
    return f"{told} Of the {missed.outside:,.0f} {who} elsewhere, {rural}."


def _places(rank: Ranks, residents: Counted, kinds: Mapping[str, pd.Series]) -> list[Block]:
    """Return how the list falls over each kind of place, in sentences and one table. kinds: group of each area."""
    columns = (
        Column("Where", room=1),
        Column("Areas on the list", NUMBER),
        Column("Residents", NUMBER),
        Column("Share of residents", NUMBER),
        Column("Share of the list", NUMBER),
    )
    told, rows = [], []
    for kind, group in kinds.items():
        groups = coverage_by_group(rank, 1, residents.counts, group)
        told.append(places_sentence(groups, kind))
        rows += [(Cell(f"By {kind}"),), *(_place(str(name), row) for name, row in groups.iterrows())]
    return [Paragraph(" ".join(told), "intro"), Table("", columns, tuple(rows), dense=True)]


def _place(name: str, row: pd.Series) -> tuple[Cell, ...]:
    return (
        Cell(name),
        Cell(f"{int(row['shortlisted']):,} of {int(row['units']):,}"),
        Cell(f"{row['people']:,.0f}"),
        Cell(share_words(row["share_of_people"])),
        Cell(share_words(row["share_of_shortlist"])),
    )


def cohort_blocks(content: Content) -> list[Block]:
    """Return the groups of people that partners asked about: who is in each, how many, and where most live."""
    if content.cohorts is None or content.cohorts.empty:
        return []
    place = content.ranking.release.council_name
    columns = (Column("Group", room=1.65), Column(f"In {place}", room=0.6), Column("Where most live", room=1.45))
    agreed = content.cohorts_agreed
    rows = tuple(
        _cohort(group, str(identifier) in agreed) for identifier, group in content.cohorts.groupby("cohort", sort=True)
    )
    told = (
        "Groups of people known to partner organisations, as counted from their records. The counts are protected: "
        "rounded, and suppressed where few, which does not mean nobody. Groups overlap."
    )
    return [
        Heading("Groups of people"),
        Paragraph(told, "intro"),
        *_agreed(content),
        Table("", columns, rows, dense=True),
    ]


def _agreed(content: Content) -> list[Block]:
    """Return which of the groups were agreed with the list, as the record names them; nothing of a draft."""
    if content.decision is None:
        return []
    names = content.cohort_names
    if not names:
        return [Paragraph("Which of them the team supports first was not agreed with this list.", "intro")]
    return [Paragraph(("Agreed with this list, to be supported first: ", Strong("; ".join(names)), "."), "intro")]


def _cohort(group: pd.DataFrame, is_agreed: bool) -> tuple[Cell, ...]:
    council, rest = group[group["geography"] == COUNCIL].iloc[0], group[group["geography"] != COUNCIL]
    most = rest[rest["people"].notna()].sort_values(["people", "area_name"], ascending=[False, True]).head(PLACES_TOLD)
    where = "; ".join(f"{row['area_name']} (about {int(row['people']):,})" for _, row in most.iterrows())
    return (
        Cell((Strong(str(council["cohort_name"])), " (agreed)" if is_agreed else ""), small=str(council["sentence"])),
        Cell(_count(council)),
        Cell(where or "suppressed, or not counted, by locality"),
    )


def _count(row: pd.Series) -> str:
    """Return a published count in words that never let suppressed pass for nobody."""
    if pd.isna(row["low"]):
        return "not counted"
    low, high = int(row["low"]), int(row["high"])
    if row["status"] != PUBLISHED:
        return f"suppressed: {low:,} to {high:,} people, not simply nobody"
    if pd.isna(row["people"]):
        return f"between {low:,} and {high:,} people"
    return f"about {int(row['people']):,} people"
