"""The briefing's list with its reasons, what people changed on it, and how sure each place is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from prioritisation.documents.model import (
    NUMBER,
    Beside,
    Block,
    Cell,
    Column,
    Heading,
    Items,
    Paragraph,
    Strong,
    Table,
    Together,
)
from prioritisation.fairness import NEXT_AREAS
from prioritisation.pack.briefing_findings import rank_intervals
from prioritisation.pack.content import Content
from prioritisation.pack.listed import Listed, priority_ranks, what_puts_it_there
from prioritisation.pack.wording import is_long
from prioritisation.robustness import WORDS
from prioritisation.words import NOT_APPLICABLE, areas_words, share_words
from prioritisation.words import listed as listed_words
from prioritisation.workspace.agreed import AgreedShortlist, SignOff
from prioritisation.workspace.overrides import ADD, DROP, MOVE
from prioritisation.workspace.records import Decision, day_and_time

_MEANINGS = ("95% or more", "70 to 95%", "30 to 70%", "5 to 30%", "less than 5%")
_DONE = {ADD: "Added", DROP: "Dropped", MOVE: "Moved"}
_STEADY = (WORDS[0][1], WORDS[1][1])
MOST_TOLD = 6
CHANGES = "What people changed, and who signed"
MOST_OF_A_REASON = 320  # letters on the first page
MOST_IN_A_CELL = 600  # letters: a row is never broken over two pages
BELOW = "In full below."
_Facts = Mapping[Any, Any]


def list_blocks(content: Content, rows: Sequence[Listed]) -> list[Block]:
    """Return the list: place, area, residents, score, what puts it there, how sure."""
    by_code, sure, places = _by_code(content), _sure(content), priority_ranks(content)
    ranks = rank_intervals(content)
    columns = (
        Column("", NUMBER),
        Column("Area", room=1.4),
        Column("People", NUMBER),
        Column("Score", NUMBER),
        Column("What lifts it above others", room=1.25),
        Column("How sure", room=0.6),
    )
    made = tuple(_row(row, by_code[row.code], _sureness(row, sure[row.code], ranks), content, places) for row in rows)
    scored = int((content.ranking.scores.rank > 0).sum())
    how = (
        "Score: 0 to 100, higher is greater need. In brackets: where the area stands on that priority alone among "
        f"{areas_words(scored)}, 1st being the greatest need. Under how sure: in what "
        "share of reasonable weightings the area stays on the list, and between which ranks nine of ten put it."
    )
    return [Heading("The list"), Paragraph(how, "intro"), Table("", columns, made)]


def _row(row: Listed, area: _Facts, sure: Cell, content: Content, places: pd.DataFrame) -> tuple[Cell, ...]:
    locality = area["locality"] if isinstance(area["locality"], str) else ""
    reasons = what_puts_it_there(content, places, row.code) or "not scored: people put it on the list"
    rank: str = f"computed rank {int(area['rank'])}" if pd.notna(area["rank"]) else "no computed rank"
    told = f"{_sentence(row.words)} ({rank}); the reason is below" if row.words else ""
    return (
        Cell(str(row.position)),
        Cell((Strong(str(area["name"])),), small=" · ".join(part for part in (locality, row.code) if part)),
        Cell(_whole(area["population"])),
        Cell(_tenth(area["score"])),
        Cell(reasons, small=told),
        sure,
    )


def _sureness(row: Listed, sure: _Facts, ranks: Mapping[str, tuple[int, int]]) -> Cell:
    """Return how sure a place is; of one that people added, what the arithmetic alone would say."""
    word, share = str(sure["stability"]), _sure_share(sure)
    if row.is_added:
        return Cell("Added by people", small=f"by the figures alone: {word.lower()}")
    low, high = ranks.get(row.code, (0, 0))
    span = f"rank {low}" if low == high else f"rank {low} to {high}"
    return Cell(word, small=f"{share}, {span}" if high else share)


def changes_blocks(content: Content) -> list[Block]:
    """Return what people changed, by whom and why, and who signed."""
    if content.decision is None:
        return []
    found = content.decision
    blocks: list[Block] = [Heading(CHANGES)]
    if is_long(found.decision.reason, MOST_OF_A_REASON):
        blocks.append(Paragraph((Strong("Why the list was agreed: "), found.decision.reason)))
    if found.overrides:
        columns = (Column("Change", room=1), Column("Reason, and whose", room=1.9), Column("Look again by"))
        blocks.append(Table("", columns, tuple(_change(each) for each in found.overrides), dense=True))
    else:
        blocks.append(Paragraph("Nobody changed the computed list: it was agreed as the arithmetic gave it."))
    if found.agreed.without_effect:
        told = tuple(f"{why} So this change does nothing: {each.reason}" for each, why in found.agreed.without_effect)
        blocks.append(Items(told))
    return [*blocks, *_signatures(found)]


def _signatures(found: AgreedShortlist) -> list[Block]:
    """Return who signed which list, each with its note: one too long for the table stands in full below it."""
    if not found.sign_offs:
        return [Paragraph("No organisation has signed the list off yet.")]
    signed = [each.record for each in found.sign_offs]
    noted = any(each.reason for each in signed)
    note = [Column("Note", room=1.5)] if noted else []
    columns = (Column("Signed off by", room=1), *note, Column("Which list"), Column("On"))
    table = Table("", columns, tuple(_signature(each, noted) for each in found.sign_offs), dense=True)
    long = [each for each in signed if is_long(each.reason, MOST_IN_A_CELL)]
    return [table, *[Paragraph((Strong(f"Note of {each.who.described}: "), each.reason)) for each in long]]


def _signature(each: SignOff, noted: bool) -> tuple[Cell, ...]:
    note = [Cell(BELOW if is_long(each.record.reason, MOST_IN_A_CELL) else each.record.reason)] if noted else []
    which = Cell("this list" if each.of_this_list else "the list before its last change")
    return (Cell(each.record.who.described), *note, which, Cell(day_and_time(each.record.at)))


def _change(each: Decision) -> tuple[Cell, ...]:
    details = each.details
    done = _DONE[details["do"]] + (f" to place {details['to']}" if details.get("to") else "")
    return (
        Cell((Strong(f"{done}: "), str(details["name"]))),
        Cell(each.reason, small=f"{each.who.described}, {day_and_time(each.at)}"),
        Cell(_day(details["review_on"])),
    )


def sure_blocks(content: Content, rows: Sequence[Listed]) -> list[Block]:
    """Return how many places are how sure, which may change, and what is next."""
    sure = _sure(content)
    codes = [row.code for row in rows if not row.is_added]
    added = len(rows) - len(codes)
    counts = Counter(str(sure[code]["stability"]) for code in codes)
    steady = sum(counts[word] for word in _STEADY)
    told = (
        "Weights are a judgement. So every weight was moved by up to a quarter of itself, in thousands of ways, to see "
        f"which areas stay among the first {content.scenario.framework.cut}. "
    )
    which = "All" if steady == len(codes) else f"{steady:,} of the"
    verdict = f"{which} {areas_words(len(codes))} that the figures put on the list stay almost always or usually."
    rest = f" People added {areas_words(added)} more." if added else ""
    table = Table(
        "",
        (Column("In words", room=1), Column("Stays on it in", room=1), Column("Areas", NUMBER)),
        tuple(
            (Cell(word), Cell(meaning), Cell(f"{counts[word]:,}"))
            for (_, word), meaning in zip(WORDS, _MEANINGS, strict=True)
        ),
        dense=True,
    )
    shaky = [code for code in codes if sure[code]["stability"] not in _STEADY]
    least = [Paragraph(_nearest(content, shaky))] if shaky else []
    both = Beside((Paragraph((told, Strong(verdict), rest)), *least), (table,), 0.58)
    return [Together((Heading("How sure is it?"), both)), *_next(content, {row.code for row in rows}, sure)]


def _nearest(content: Content, shaky: Sequence[str]) -> tuple[str | Strong, ...]:
    names = [str(content.ranking.areas.loc[code, "name"]) for code in shaky]
    verb = "is" if len(shaky) == 1 else "are"
    return (Strong("Least sure "), f"{verb} {listed_words(names, MOST_TOLD)}.")


def _next(content: Content, codes: Collection[str], sure: Mapping[str, _Facts]) -> list[Block]:
    """Return the next areas by rank that are not on the list."""
    ranked = {code: row for code, row in _by_code(content).items() if code not in codes and pd.notna(row["rank"])}
    off = list(ranked.items())[:NEXT_AREAS]
    if not off:
        return []
    dropped = {each.area.code for each in content.decision.agreed.dropped} if content.decision else set()
    columns = (
        Column("Rank", NUMBER),
        Column("Area", room=1.2),
        Column("Score", NUMBER),
        Column(f"Among the first {content.scenario.framework.cut}", room=0.8),
        Column("What one weight can do", room=1.5),
    )
    rows = tuple(
        (
            Cell(str(int(row["rank"]))),
            Cell(str(row["name"]), small="taken off by people" if code in dropped else ""),
            Cell(_tenth(row["score"])),
            Cell(str(sure[code]["stability"]), small=_sure_share(sure[code])),
            Cell(_sentence(str(sure[code]["flip"]))),
        )
        for code, row in off
    )
    return [Table("The next areas, which are not on the list", columns, rows, dense=True)]


def _by_code(content: Content) -> dict[str, _Facts]:
    """Return the ranking's rows by area code, in the order of rank."""
    return {str(row["id"]): row for row in content.ranking.table().to_dict("records")}


def _sure(content: Content) -> dict[str, _Facts]:
    return {str(row["id"]): row for row in content.sureness.to_dict("records")}


def _sure_share(sure: _Facts) -> str:
    return "" if sure["stability"] == "Not scored" else share_words(float(sure["stability_probability"]))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _day(iso: str) -> str:
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B %Y}"


def _whole(value: object) -> str:
    return NOT_APPLICABLE if pd.isna(value) else f"{int(value):,}"  # type: ignore[call-overload]


def _tenth(value: float) -> str:
    return NOT_APPLICABLE if pd.isna(value) else f"{value:.1f}"
