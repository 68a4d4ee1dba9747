"""Contributions put together by place. Pure: what is known in, what stands beside an area out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prioritisation.place_standard import PlaceStandard
from prioritisation.workspace.knowledge import AREA, LOCALITY, PLACE_STANDARD, Known


@dataclass(frozen=True)
class ThemeScore:
    """The mean of the scores that one theme was given, and how many gave one."""

    theme: str
    name: str
    mean: float
    count: int


@dataclass(frozen=True)
class KnownHere:
    """What is known of one area: of itself first, then of its locality."""

    of_area: tuple[Known, ...] = ()
    of_locality: tuple[Known, ...] = ()

    @property
    def every(self) -> tuple[Known, ...]:
        return (*self.of_area, *self.of_locality)

    @property
    def notes(self) -> tuple[Known, ...]:
        """Words: what is known, assets, concerns."""
        return tuple(each for each in self.every if each.given.kind != PLACE_STANDARD)

    @property
    def scored(self) -> tuple[Known, ...]:
        """Place Standard scores."""
        return tuple(each for each in self.every if each.given.kind == PLACE_STANDARD)


def known_here(known: Iterable[Known], localities: Mapping[str, str | None]) -> dict[str, KnownHere]:
    """Return what is known of each area of which anything is. localities: of every area wanted, by its code."""
    by_place: dict[tuple[str, str], list[Known]] = {}
    for each in known:
        by_place.setdefault((each.given.geography, each.given.place), []).append(each)
    found = {}
    for code, locality in localities.items():
        of_area = tuple(by_place.get((AREA, code), ()))
        of_locality = tuple(by_place.get((LOCALITY, locality), ())) if locality else ()
        if of_area or of_locality:
            found[code] = KnownHere(of_area, of_locality)
    return found


def theme_scores(scored: Iterable[Known], tool: PlaceStandard) -> tuple[ThemeScore, ...]:
    """Return the mean score of every theme that has one, in the tool's order; each contribution counts once."""
    given: dict[str, list[int]] = {}
    for each in scored:
        for theme, score in each.given.scores.items():
            given.setdefault(theme, []).append(score)
    return tuple(
        ThemeScore(theme, name, sum(given[theme]) / len(given[theme]), len(given[theme]))
        for theme, name in tool.names.items()
        if theme in given
    )


def overall_score(scores: Iterable[ThemeScore]) -> float | None:
    """Return the mean of the themes' means, every theme counting once; None where there is none."""
    means = [each.mean for each in scores]
    return sum(means) / len(means) if means else None
