"""Counts of people as the page says them: a hidden count is never nobody, and none is more exact than published."""

from __future__ import annotations

import calendar
import json
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from prioritisation.cohorts.counting import NOT_AVAILABLE, PUBLISHED, SUPPRESSED
from prioritisation.cohorts.published import PublishedCube
from prioritisation.words import listed

HIDDEN = "hidden"
COUNTED_NEXT = "It will be counted when partners' contacts are next published."
KINDS = {"partners": "Partners", "flags": "Needs", "services": "Services"}


def all_words(counts: pd.DataFrame) -> list[str]:
    """Return `count_words` of every row."""
    return [count_words(row) for row in counts.to_dict("records")]


def count_words(row: Mapping[Hashable, Any]) -> str:
    """Return one row with low, people, high and status for a table: "85", "19 to 63", "hidden (0 to 9)"."""
    if row["status"] == NOT_AVAILABLE or pd.isna(row["low"]):
        return NOT_AVAILABLE
    low, high = f"{row['low']:,}", f"{row['high']:,}"
    if row["status"] == SUPPRESSED:
        return f"{HIDDEN} ({low} to {high})"
    if pd.notna(row["people"]):
        return f"{row['people']:,}"
    return f"{low} to {high}" if row["status"] == PUBLISHED else f"{low} to {high}, partly {HIDDEN}"


def in_order(counts: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the most people first by published numbers; all without one follow, by name."""
    return counts.sort_values(["people", "name"], ascending=[False, True], na_position="last", kind="stable")


def when_counted(cube: PublishedCube, cohort: str) -> str:
    """Return when a cohort that this release has not counted will be, or why it was left out."""
    near = {each["cohort"]: each["too_near_to"] for each in json.loads(cube.facts.get("cohorts_left_out", "[]"))}
    if cohort not in near:
        return COUNTED_NEXT
    older = cube.cohorts.get(near[cohort])
    name = f"'{older.name}'" if older else "an archived cohort"
    return (
        f"It was left out: its people are nearly those of {name}, which was published first, so the few who make the "
        "difference could be told from the two counts."
    )


def window_words(facts: Mapping[str, str]) -> str:
    """Return "the 12 months to December 2025"."""
    year, _, month = facts.get("window_to", "").partition("-")
    months = facts.get("months", "12")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return f"{months} months"
    return f"the {months} months to {calendar.month_name[int(month)]} {year}"


def partner_names(cube: PublishedCube) -> list[str]:
    """Return the partners whose contacts were counted, in the contract's order."""
    present = set(cube.facts.get("partners", "").split(";"))
    return [partner.name for partner in cube.contract.partners.values() if partner.id in present]


def basis(cube: PublishedCube) -> str:
    """Return in one line what every count on the page is made from, and under which rules."""
    names = partner_names(cube)
    policy = cube.policy
    return (
        f"People in contact in {window_words(cube.facts)} with {listed(names, most=len(names) or 1)}. "
        f"Counts are rounded to {policy.round_to_nearest}; under {policy.suppress_counts_under}, nobody included, "
        f"they are {HIDDEN}."
    )


def band_words(band: str, beyond: str) -> str:
    """Return a band for a card: "16 to 24", "85 or over", "Not known"."""
    if band.endswith("+"):
        return f"{band.rstrip('+')} {beyond}"
    return band.replace("-", " to ") if band[:1].isdigit() else band.capitalize()


def ended(text: str) -> str:
    """Return somebody's own words so that a sentence can follow them."""
    text = text.rstrip()
    return f"{text}." if text and text[-1] not in ".!?" else text


def decapitalised(text: str) -> str:
    """Return a sentence as it follows a colon."""
    return text[:1].lower() + text[1:]
