"""briefing.pdf and briefing.html: the decision for people who were not in the room."""

from __future__ import annotations

import numpy as np

from prioritisation import __version__
from prioritisation.documents.html import html
from prioritisation.documents.model import Block, Document, Facts, Notice, Paragraph, Strong
from prioritisation.documents.pdf import pdf
from prioritisation.fairness import coverage
from prioritisation.pack.briefing_findings import findings_blocks
from prioritisation.pack.briefing_knowledge import knowledge_blocks
from prioritisation.pack.briefing_list import CHANGES, MOST_OF_A_REASON, changes_blocks, list_blocks, sure_blocks
from prioritisation.pack.briefing_map import map_blocks
from prioritisation.pack.briefing_method import glossary_blocks, method_blocks, sources_blocks
from prioritisation.pack.briefing_patch import patch_blocks
from prioritisation.pack.briefing_reach import cohort_blocks, reach_blocks
from prioritisation.pack.briefing_round import round_blocks
from prioritisation.pack.content import Content
from prioritisation.pack.listed import Listed, listed, listed_ranks
from prioritisation.pack.wording import is_long, shortened
from prioritisation.reach import RESIDENTS, counted
from prioritisation.words import areas_words, share_words, weight_words
from prioritisation.words import listed as listed_words
from prioritisation.workspace.agreed import SignOff
from prioritisation.workspace.records import day_and_time

PLACEHOLDER = (
    "The partnership's own priorities are still to be named. Those used here are placeholders, with weights to match."
)
MOST_SIGNED = 3  # organisations named on the first page, where none of them made a note
NOBODY_AGREED = "Nobody has agreed this list. It is what the figures give for one set of weights: a draft to discuss."


def briefing_files(content: Content) -> dict[str, bytes]:
    """Return both files of the briefing by name: the same words, and the same bytes for the same content."""
    document = briefing(content)
    return {"briefing.pdf": pdf(document), "briefing.html": html(document)}


def briefing(content: Content) -> Document:
    """Return the briefing of a pack. UserError: the boundaries cannot be read."""
    rows = listed(content)
    codes = [row.code for row in rows]
    blocks: list[Block] = [
        *_notices(content),
        Paragraph(_decision_words(content, rows), "lead"),
        *[Paragraph(told) for told in (_with_it(content, rows), _since(content)) if told],
        Facts(_facts(content, rows)),
        *map_blocks(content, codes),
        *list_blocks(content, rows),
        *changes_blocks(content),
        *sure_blocks(content, rows),
        *findings_blocks(content),
        *patch_blocks(content, codes),
        *reach_blocks(content, codes),
        *cohort_blocks(content),
        *knowledge_blocks(content, codes),
        *round_blocks(content),
        *method_blocks(content),
        *sources_blocks(content),
        *glossary_blocks(content),
    ]
    return Document(
        title=content.title,
        subtitle=_subtitle(content),
        kicker="Briefing: where a neighbourhood team should begin",
        warning=_warning(content),
        foot=foot(content),
        dated=content.dated,
        blocks=blocks,
    )


def foot(content: Content) -> str:
    """Return the names that every page carries: decision and its state, scenario, release, software."""
    stamp = content.ranking.stamp()
    found = content.decision
    decision = f"Decision {found.id}, state {found.latest.id}" if found else "No decision"
    return f"{decision} · scenario {stamp['scenario']} · data release {stamp['release']} · prioritisation {__version__}"


def _warning(content: Content) -> str:
    draft = "Draft, agreed by nobody" if content.decision is None else ""
    gone = "Superseded by a later decision" if content.decision and content.decision.superseded_by else ""
    return ". ".join(part for part in (content.note, draft, gone) if part)


def _subtitle(content: Content) -> str:
    if content.decision is None:
        return f"Draft on data of {content.dated.day} {content.dated:%B %Y}; not a decision"
    return f"As decided and recorded by {day_and_time(content.dated)}"


def _notices(content: Content) -> list[Block]:
    notices: list[Block] = []
    if content.decision is None:
        notices.append(Notice((Strong("A draft. "), NOBODY_AGREED)))
    elif content.decision.superseded_by is not None:
        when = day_and_time(content.decision.superseded_by.at)
        notices.append(Notice((Strong("No longer in force. "), f"Another decision took its place on {when}.")))
    if content.scenario.framework.status == "placeholder":
        notices.append(Notice((Strong("Placeholder priorities. "), PLACEHOLDER)))
    return notices


def _decision_words(content: Content, rows: list[Listed]) -> tuple[str | Strong, ...]:
    place, total = content.ranking.release.council_name, len(content.ranking.areas)
    names = listed_words([str(content.ranking.areas.loc[row.code, "name"]) for row in rows[:3]])
    areas = Strong(f"{areas_words(len(rows))} of {total:,}")
    first = f" in {place}. First on the list: {names}. {_weighed(content)}"
    if content.decision is None:
        return ("These weights put ", areas, " on the shortlist", first)
    made = content.decision.decision
    return (f"On {day_and_time(made.at)}, {made.who.described} recorded the agreement on a shortlist: ", areas, first)


def _with_it(content: Content, rows: list[Listed]) -> tuple[str | Strong, ...]:
    """Return what was agreed beside the list: the patch and the groups of people; nothing where neither was."""
    told: list[str | Strong] = []
    if content.patch is not None:
        shared = len({row.code for row in rows} & set(content.patch.codes))
        told += ["Agreed with it, as the patch for the first team: ", Strong(content.patch.words)]
        told.append(f". {areas_words(shared)} of the list {'lies' if shared == 1 else 'lie'} in it. ")
    if content.cohort_names:
        told.append(f"The team supports first: {'; '.join(content.cohort_names)}.")
    return tuple(told)


def _since(content: Content) -> str:
    """Return the reason for the decision, what people changed and who signed; nothing of a draft."""
    if content.decision is None:
        return ""
    return f"{_reason(content.decision.decision.reason)}{_changed(content)} {_signed(content.decision.sign_offs)}"


def _reason(given: str) -> str:
    """Return the reason for the decision; of a long one its beginning, since the first page has no room for it."""
    if is_long(given, MOST_OF_A_REASON):
        return f"The reason given begins: {shortened(given, MOST_OF_A_REASON)} All of it is under “{CHANGES}”. "
    return f"The reason given: {given.rstrip('.')}. " if given else ""


def _weighed(content: Content) -> str:
    weights = zip(content.scenario.framework.priorities, content.scenario.percentages, strict=True)
    heaviest = sorted(weights, key=lambda pair: -pair[1])
    names = [f"{each.name} ({weight_words(weight)}%)" for each, weight in heaviest if weight]
    return f"Areas were ranked by {listed_words(names, len(names))}."


def _changed(content: Content) -> str:
    if content.decision is None or not content.decision.overrides:
        return "Nobody changed what the figures gave."
    agreed = content.decision.agreed
    added = sum(1 for row in agreed.rows if row.computed is None)
    moved = sum(1 for row in agreed.rows if row.computed is not None and row.words.startswith("moved"))
    counts = [(added, "added"), (len(agreed.dropped), "dropped"), (moved, "moved")]
    done = listed_words([f"{areas_words(count)} {what}" for count, what in counts if count])
    return (
        f"People changed what the figures gave: {done}, each for a reason given below."
        if done
        else ("People's changes to what the figures gave cancel each other out.")
    )


def _signed(sign_offs: tuple[SignOff, ...]) -> str:
    if not sign_offs:
        return "No organisation has signed it off yet."
    notes = [each.record.reason for each in sign_offs if each.record.reason]
    room = MOST_OF_A_REASON // max(len(notes), 1)
    names = [_with_note(each.organisation, each.record.reason, room) for each in sign_offs]
    later = any(not each.of_this_list for each in sign_offs)
    changed = "; the list has changed since some of them signed" if later else ""
    cut = any(is_long(note, room) for note in notes)
    rest = f" Every note is in full under “{CHANGES}”." if cut else ""
    return f"Signed off by {listed_words(names, len(names) if notes else MOST_SIGNED)}{changed}.{rest}"


def _with_note(organisation: str, note: str, room: int) -> str:
    return f"{organisation} (note: “{shortened(note, room)}”)" if note else organisation


def _facts(content: Content, rows: list[Listed]) -> tuple[tuple[str, str], ...]:
    areas = content.ranking.areas
    people = coverage(
        listed_ranks(content, [row.code for row in rows]),
        1,
        counted(areas, content.indicators, content.observations, RESIDENTS).counts,
    )
    facts = [(f"{len(rows):,}", f"areas of {len(areas):,} on the list")]
    if people.total and not np.isnan(people.amount):
        facts += [(f"{people.amount:,.0f}", "people live in them"), (share_words(people.share), "of all residents")]
    if content.decision is not None:
        signed = len(content.decision.sign_offs)
        notes = sum(1 for each in content.decision.sign_offs if each.record.reason)
        noted = f", {notes:,} with a note" if notes else ""
        facts.append((f"{signed:,}", f"{'organisation' if signed == 1 else 'organisations'} signed it off{noted}"))
    return tuple(facts)
