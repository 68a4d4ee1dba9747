"""How community knowledge is worded and marked up; every text that people typed stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prioritisation.place_standard import PlaceStandard
from prioritisation.ui.markup import Markup, tag
from prioritisation.workspace.knowledge import ASSET, CONCERN, KNOWN, LOCALITY, PLACE_STANDARD, Known
from prioritisation.workspace.known import KnownHere, ThemeScore, overall_score, theme_scores

KIND_WORDS = {
    KNOWN: "What people here know",
    ASSET: "Something good that is here",
    CONCERN: "A concern",
    PLACE_STANDARD: "Place Standard scores",
}
SHORT_KINDS = {KNOWN: "Known here", ASSET: "Asset", CONCERN: "Concern", PLACE_STANDARD: "Place Standard"}
NEVER_SCORED = "Shown beside the numbers, and part of a score only where a framework gives it a weight of its own."
FIRST_WORDS = 90  # letters of a note where only its beginning is shown


def counted(number: int, one: str, many: str) -> str:
    """Return '1 note' or '2 notes'."""
    return f"{number:,} {one if number == 1 else many}"


def kinds_counted(known: Iterable[Known]) -> str:
    """Return how much is known: '1 concern, 2 notes, Place Standard scores'."""
    kinds = [each.given.kind for each in known]
    words = {CONCERN: ("concern", "concerns"), ASSET: ("asset", "assets"), KNOWN: ("note", "notes")}
    said = [counted(kinds.count(kind), *names) for kind, names in words.items() if kind in kinds]
    return ", ".join([*said, *(["Place Standard scores"] if PLACE_STANDARD in kinds else [])])


def much_known(here: KnownHere) -> list[str]:
    """Return how much is known of an area, then of its locality."""
    own = [kinds_counted(here.of_area)] if here.of_area else []
    return [*own, *([f"{kinds_counted(here.of_locality)} about its locality"] if here.of_locality else [])]


def first_words(known: Known) -> str:
    """Return the beginning of a note, cut between words."""
    words = " ".join(known.given.words.split())
    if len(words) <= FIRST_WORDS:
        return words
    return f"{words[:FIRST_WORDS].rsplit(' ', 1)[0]}\N{HORIZONTAL ELLIPSIS}"


def provenance(known: Known) -> str:
    """Return whose knowledge it is, of when, from where and how sure."""
    given = known.given
    return f"{given.organisation} · {known.known_on:%B %Y} · from: {given.source} · confidence: {given.confidence}"


def card(known: Known, place: str, tool: PlaceStandard) -> Markup:
    """Return one contribution. place: name of its area or locality, empty where that is plain."""
    given = known.given
    wider = given.geography == LOCALITY
    where = tag("strong", f"{place} (whole locality)" if wider and place else place) if place else None
    head = tag("p", tag("span", SHORT_KINDS[given.kind], class_="badge"), " ", where)
    words = tag("p", given.words, class_="words") if given.words else None
    scores = scores_markup(theme_scores([known], tool), tool) if given.scores else None
    return tag(
        "article", head, words, scores, tag("small", provenance(known)), class_=f"known of-{given.kind.split()[0]}"
    )


def scores_markup(scores: Sequence[ThemeScore], tool: PlaceStandard) -> Markup:
    """Return the themes, most room for improvement first, each as filled boxes of the tool's scale."""
    rows = []
    for each in sorted(scores, key=lambda score: score.mean):
        share = (each.mean - tool.least + 1) / len(tool.scale)
        bar = tag("i", tag("b", style=f"width:{100 * share:.0f}%"), aria_hidden="true")
        mean = f"{each.mean:.0f}" if each.mean == int(each.mean) else f"{each.mean:.1f}"
        rows.append(tag("li", tag("span", each.name), bar, tag("em", mean)))
    return tag("ul", *rows, class_="themes")


def scores_sentence(scored: Iterable[Known], tool: PlaceStandard) -> str:
    """Return what the scores of one area say together."""
    found = list(scored)
    overall = overall_score(theme_scores(found, tool))
    if overall is None:
        return ""
    given = "once" if len(found) == 1 else f"{len(found):,} times"
    return f"Place Standard, given {given}: {overall:.1f} on average. On this scale {tool.scale_words}."
