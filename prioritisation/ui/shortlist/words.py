"""What state a shortlist is in, what to do next, and what people changed, in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from prioritisation.ui.scenarios.words import areas_words
from prioritisation.ui.shortlist.shown import AGREED, DRAFT, ENDED, SIGNED, Shown
from prioritisation.words import listed
from prioritisation.workspace.agreed import SignOff
from prioritisation.workspace.overrides import ADD, AS_COMPUTED, DROP, MOVE, Override

NOBODY = "nobody has signed off yet"
NOT_VERIFIED = "Nobody checks who you are yet, so this is recorded as “not verified”."


def status(shown: Shown) -> str:
    """Return in one sentence what the list is."""
    what = f"{areas_words(len(shown.made.rows))}, {changed_words(shown.changed)}"
    if shown.stage == DRAFT:
        return f"Draft: {what}, {NOBODY}."
    if shown.stage == ENDED:
        return f"No longer in force: {what}. {_ended(shown)}"
    earlier = ""
    if shown.signed_earlier:
        earlier = f" {_organisations(shown.signed_earlier)} signed before the list was last changed."
    if shown.stage == SIGNED:
        return f"Signed off by {_organisations(shown.signed)}: {what}.{earlier}"
    agreed = f"Agreed on {day_words(shown.state.decision.at.date())}" if shown.state else "Agreed"
    return f"{agreed}: {what}, {'nobody has signed this list yet' if earlier else NOBODY}.{earlier}"


def next_step(shown: Shown) -> str:
    """Return what to do next."""
    if shown.stage == ENDED:
        return "Look at the list that is in force now."
    if shown.stage == DRAFT and shown.standing.shortlist is not None:
        return "Next: change what local knowledge says is wrong, then agree. It will replace the list agreed before."
    return {
        DRAFT: "Next: change what local knowledge says is wrong, then agree the list.",
        AGREED: "Next: each partner organisation signs off, then the team gets its pack.",
        SIGNED: "Next: give the team its pack. Further partners can still sign off.",
    }[shown.stage]


def steps(shown: Shown) -> list[tuple[str, str, bool]]:
    """Return the three steps: name, where it is at, and whether it is reached."""
    agreed = shown.state
    return [
        ("Draft", changed_words(shown.changed), True),
        ("Agreed", day_words(agreed.decision.at.date()) if agreed else "not yet", agreed is not None),
        ("Signed off", f"by {_organisations(shown.signed)}" if shown.signed else "by nobody yet", bool(shown.signed)),
    ]


def changed_words(count: int) -> str:
    """Return "2 changed by hand", "all as computed"."""
    return f"{count:,} changed by hand" if count else "all as computed"


def change_words(change: Override, names: Mapping[str, str]) -> str:
    """Return one change as people would say it: "Dalmilling - 02 added at place 3"."""
    name = names.get(change.code, change.code)
    if change.do == DROP:
        return f"{name} dropped"
    if change.do == MOVE:
        return f"{name} moved to place {change.to}"
    return f"{name} added at place {change.to}" if change.to else f"{name} added at the end"


def changes_sentence(shown: Shown) -> str:
    """Return all that people changed, in the order of the list: "Changed by hand: A added; B dropped"."""
    rows = [f"{row.area.name} {row.words}" for row in shown.made.rows if row.mark != AS_COMPUTED]
    rows += [f"{gone.area.name} dropped" for gone in shown.made.dropped]
    return f"Changed by hand: {'; '.join(rows)}." if rows else "The changes by hand cancel each other out."


def review_words(review_on: date, today: date) -> str:
    """Return when a change is looked at again; or that this day has passed."""
    said = day_words(review_on)
    return f"look again by {said}" if review_on >= today else f"to be looked at again by {said}: overdue"


def day_words(day: date) -> str:
    """Return "23 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def done_words(do: str, name: str) -> str:
    """Return what was just done to an area."""
    return f"{name} {({ADD: 'is added', DROP: 'is dropped', MOVE: 'is moved'})[do]}."


def _ended(shown: Shown) -> str:
    ended = shown.state.superseded_by if shown.state else None
    if ended is None:
        return ""
    how = "Another list replaced it" if ended.details["by"] else "It was ended"
    return f"{how} on {day_words(ended.at.date())} by {ended.who.described}."


def _organisations(signed: Iterable[SignOff]) -> str:
    return listed([each.organisation for each in signed])
