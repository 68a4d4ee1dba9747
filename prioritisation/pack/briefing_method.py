"""How the list was made, from what, and what the words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prioritisation.documents.model import NUMBER, Block, Cell, Column, Heading, Items, Paragraph, Strong, Table, Terms
from prioritisation.framework import HIGHER_IS_BETTER
from prioritisation.pack.content import Content
from prioritisation.pack.wording import MEANING_OF_STATUS
from prioritisation.scoring import SCORE_NEEDS_COVERAGE_OF_AT_LEAST
from prioritisation.words import AGGREGATE_WORDS, METHOD_WORDS, day, percent, weight_words

GLOSSARY = (
    ("Area", "a data zone: a small area of some 500 to 1,000 residents, the smallest with national statistics"),
    ("Locality", "a part of the council area by which health and social care is planned"),
    ("Indicator", "one published number for each area, such as the share of people who are income deprived"),
    ("Priority", "what the partners agreed matters; several indicators make its score"),
    ("Weight", "how much a priority counts; all weights add up to 100%"),
    ("Score", "0 to 100 for each area; higher is greater need"),
    ("Rank", "the order by score; 1 is the greatest need, and areas that tie share a rank"),
    ("Shortlist", "the areas at the top, down to an agreed number, with what people changed"),
    ("Group of people", "a cohort: people who share age, needs or contact with services; counted, never named"),
    ("Patch", "a connected neighbourhood of the size that one team can serve"),
    ("Suppressed", "a number that is held but not published, to protect people; it does not mean nobody"),
    ("Missing", "there is no value; it is never counted as zero"),
    ("Scenario", "one set of choices: priorities, weights and method; its id names it"),
    ("Data release", "one version of the data; the same choices on another release are another result"),
    ("Decision", "the record that a list was agreed; the log it stands in shows any later change"),
    ("Not verified", "the role and organisation are as somebody declared them; nobody has checked them by a sign-in"),
)


def method_blocks(content: Content) -> list[Block]:
    """Return the method in steps, and what each priority counts."""
    framework, reference = content.scenario.framework, content.ranking.reference
    half = percent(SCORE_NEEDS_COVERAGE_OF_AT_LEAST)
    steps = (
        (
            Strong("Compare. "),
            f"Each indicator is turned so that higher is greater need, and scored from 0 to 100 among {reference:,} "
            f"areas ({_lower(METHOD_WORDS[framework.normalise.method])}).",
        ),
        (
            Strong("Join. "),
            "The indicators of a priority are averaged by their shares. What is missing or suppressed is never "
            f"counted as zero; with less than {half} of the shares known there is no score.",
        ),
        (
            Strong("Weigh. "),
            f"The priorities' scores are put together by their weights: {_weights(content)} "
            f"({_lower(AGGREGATE_WORDS[framework.aggregate])}).",
        ),
        (
            Strong("Rank. "),
            f"Rank 1 is the greatest need. The first {framework.cut} are the computed shortlist, and all that tie with "
            "the last of them.",
        ),
        (
            Strong("Agree. "),
            "People may add, drop or move an area, each time with a reason and a day to look at it again. Dropping one "
            "moves no other over the line.",
        ),
    )
    limits = (
        "What this cannot say: figures describe areas, not everybody in them; they are as old as their sources say; "
        "and need that nobody has counted is in none of them. What people know of their community belongs beside them."
    )
    check = (
        "The pack that this briefing came in holds every value, a workbook that recomputes when a weight is changed, "
        "and verify.py, which works out every score and rank again."
    )
    return [
        Heading("How it was worked out"),
        Items(steps, numbered=True),
        Paragraph(limits),
        Paragraph(check),
        _counted_table(content),
    ]


def _counted_table(content: Content) -> Table:
    """Return the indicators of each priority with their shares; who publishes them, where not one does them all."""
    columns = [Column("What was counted", room=3.4), Column("Share", NUMBER), Column("Period", room=0.9)]
    several = content.indicators["publisher"].nunique() > 1
    columns += [Column("Published by", room=1)] if several else []
    known = {str(row["indicator_id"]): row for row in content.indicators.reset_index().to_dict("records")}
    rows: list[tuple[Cell, ...]] = []
    weights = zip(content.scenario.framework.priorities, content.scenario.percentages, strict=True)
    for priority, weight in weights:
        rows.append((Cell(f"{priority.name}: {_weight(weight)}"),))
        rows += [_indicator(known[part.id], part.share)[: len(columns)] for part in priority.indicators]
    title = "What each priority counts: higher is greater need, unless it says lower"
    return Table(title, tuple(columns), tuple(rows), dense=True)


def _indicator(indicator: Mapping[Any, Any], share: float) -> tuple[Cell, ...]:
    lower = " (lower is greater need)" if indicator["polarity"] == HIGHER_IS_BETTER else ""
    return (
        Cell((Strong(str(indicator["name"])), f"{lower}  {indicator['definition']}")),
        Cell(percent(share)),
        Cell(str(indicator["period"])),
        Cell(str(indicator["publisher"])),
    )


def sources_blocks(content: Content) -> list[Block]:
    """Return where every number comes from, and on what terms."""
    columns = (Column("Publication", room=1.6), Column("Publisher", room=1), Column("Licence", room=0.9))
    rows = tuple(
        (Cell(str(row["title"]), small=str(row["url"] or "")), Cell(str(row["publisher"])), Cell(str(row["licence"])))
        for row in content.sources.to_dict("records")
    )
    credits = [str(line) for line in dict.fromkeys(content.sources["attribution"]) if line]
    return [
        Heading("Sources and licences"),
        Table("", columns, rows, dense=True),
        *(Paragraph(line, "quiet") for line in [" ".join(credits)] if line),
    ]


def glossary_blocks(content: Content) -> list[Block]:
    """Return what the words mean, and until when to use the briefing."""
    ending = f"Use this briefing until {day(content.expires)}; ask for a new one after that. {MEANING_OF_STATUS}"
    return [Heading("What the words mean"), Terms(GLOSSARY), Paragraph(ending, "quiet")]


def _weights(content: Content) -> str:
    weights = zip(content.scenario.framework.priorities, content.scenario.percentages, strict=True)
    return ", ".join(f"{each.name} {_weight(weight)}" for each, weight in weights)


def _weight(percentage: float) -> str:
    return f"{weight_words(percentage)}%" if percentage else "off"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
