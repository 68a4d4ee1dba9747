"""A patch as a decision keeps it: read back from the plain data of `patches.patch_record`, never looked for anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prioritisation.words import areas_words, listed, share_words

_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True)
class RecordedArea:
    """One area of a recorded patch. holds: of what is maximised; None: not known, not scored, or in no locality."""

    code: str
    name: str
    locality: str | None
    people: int | None
    rank: int | None
    score: float | None
    holds: float | None


@dataclass(frozen=True)
class Alternative:
    """Another patch that was looked at."""

    codes: tuple[str, ...]
    people: int
    holds: float


@dataclass(frozen=True)
class RecordedPatch:
    """A patch that was agreed. what: it holds much of, as it reads in "14% of its ..."; objective: name of that choice.

    asked: fewest and most people; asked_in, asked_out: codes of areas that had to be in and that had not to be;
    within: the locality that it had to stay in. share_held: of what the council holds, None where there is nothing;
    outside: codes of the areas that touch it, those that would add most first, with those asked out among them;
    sentences: what was told when it was agreed.
    """

    objective_id: str
    objective: str
    what: str
    asked: tuple[int, int]
    areas: tuple[RecordedArea, ...]
    people: int
    holds: float
    share_held: float | None
    by_hand: bool
    proven: bool
    outside: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    sentences: tuple[str, ...]
    asked_in: tuple[str, ...] = ()
    asked_out: tuple[str, ...] = ()
    within: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(area.code for area in self.areas)

    @property
    def words(self) -> str:
        """The patch in a few words: "13 areas with 9,990 people, 14% of the need"."""
        held = f", {share_words(self.share_held)} of the {self.what}" if self.share_held is not None else ""
        return f"{areas_words(len(self.areas))} with {self.people:,} people{held}"


def recorded_patch(plain: object) -> RecordedPatch | None:
    """Return a recorded patch; None where there is none, or none that this version can read."""
    if not isinstance(plain, Mapping) or not plain.get("areas"):
        return None
    try:
        return _read(plain)
    except _UNREADABLE:
        return None


def _read(plain: Mapping[str, Any]) -> RecordedPatch:
    wanted = plain["wanted"]
    low, high = wanted["people"]
    within = wanted.get("locality")
    share = plain["share_held"]
    return RecordedPatch(
        objective_id=str(plain["objective"]["id"]),
        objective=str(plain["objective"]["name"]),
        what=str(plain["objective"]["what"]),
        asked=(int(low), int(high)),
        areas=tuple(_area(row) for row in plain["areas"]),
        people=int(plain["people"]),
        holds=float(plain["holds"]),
        share_held=None if share is None else float(share),
        by_hand=bool(plain["by_hand"]),
        proven=bool(plain["proven"]),
        outside=tuple(str(code) for code in plain["just_outside"]),
        alternatives=tuple(
            Alternative(tuple(map(str, each["areas"])), int(each["people"]), float(each["holds"]))
            for each in plain["alternatives"]
        ),
        sentences=tuple(str(sentence) for sentence in plain["sentences"]),
        asked_in=tuple(str(code) for code in wanted.get("include", ())),
        asked_out=tuple(str(code) for code in wanted.get("exclude", ())),
        within=None if within is None else str(within),
    )


def _area(row: Mapping[str, Any]) -> RecordedArea:
    def known(name: str, kind: type) -> Any:
        return None if row[name] is None else kind(row[name])

    return RecordedArea(
        str(row["id"]),
        str(row["name"]),
        known("locality", str),
        known("people", int),
        known("rank", int),
        known("score", float),
        known("holds", float),
    )


def beside_the_list(patch: RecordedPatch, on_list: Sequence[str], names: Mapping[str, str], most: int = 6) -> list[str]:
    """Return how a patch and a shortlist overlap, in sentences. on_list: area codes; names: by code.

    A patch is connected, so it takes areas that the list leaves out, and leaves out others that lie apart.
    """
    inside, listed_codes = set(patch.codes), set(on_list)
    only_patch = [names.get(code, code) for code in patch.codes if code not in listed_codes]
    only_list = [names.get(code, code) for code in on_list if code not in inside]
    shared = len(listed_codes & inside)
    told = [f"{shared} of the {areas_words(len(listed_codes))} on the list {'lies' if shared == 1 else 'lie'} in it."]
    if only_patch:
        told.append(f"In the patch, not on the list: {listed(only_patch, most)}.")
    if only_list:
        told.append(f"On the list, not in the patch: {listed(only_list, most)}.")
    return told


def asked_sentences(patch: RecordedPatch, names: Mapping[str, str], most: int = 8) -> list[str]:
    """Return which areas were asked in or out and where it had to stay, a sentence each; none where nothing was.

    What people changed by hand may go against that, and then it says so. names: by code.
    """
    inside = set(patch.codes)
    wanted = [names.get(code, code) + ("" if code in inside else " (not in it)") for code in patch.asked_in]
    unwanted = [names.get(code, code) + (" (in it all the same)" if code in inside else "") for code in patch.asked_out]
    told = [f"Asked to be in it: {listed(wanted, most)}."] if wanted else []
    told += [f"Asked not to be in it: {listed(unwanted, most)}."] if unwanted else []
    return [*told, f"Asked to stay within {patch.within}."] if patch.within else told


def alternatives_sentence(patch: RecordedPatch) -> str:
    """Return what else was looked at, in a line; empty where nothing was."""
    others = patch.alternatives
    if not others:
        return ""
    people = sorted(each.people for each in others)
    span = f"{people[0]:,}" if people[0] == people[-1] else f"{people[0]:,} to {people[-1]:,}"
    held = sorted(each.holds / patch.holds for each in others) if patch.holds else []
    low, high = (share_words(held[0]), share_words(held[-1])) if held else ("", "")
    much = f", holding {low if low == high else f'{low} to {high}'} of what this one does" if held else ""
    many = f"{len(others)} other patches were" if len(others) > 1 else "One other patch was"
    return f"{many} found that differ in at least a third of the people: {span} people{much}."
