"""What the sheets of one release and scenario share, and what is alike on both kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from prioritisation import __version__
from prioritisation.answer import how_sure
from prioritisation.classes import class_breaks, classify
from prioritisation.documents.model import Block, Document, Paragraph, Picture
from prioritisation.drawing.looks import Entry, Look, legend, patterns
from prioritisation.drawing.maps import Outlines, area_map, true_outlines
from prioritisation.drawing.svg import padded, picture, stacked
from prioritisation.over_time import OverTime, over_time, with_several_periods
from prioritisation.prioritise import Prioritisation
from prioritisation.profiles import Comparison, compare
from prioritisation.scenario import Scenario
from prioritisation.scoring import overall
from prioritisation.similar_areas import Likeness, likeness
from prioritisation.store import Store

PREFIX, LETTERS, MARGIN = "sheet", 42, 40
TALLEST_SHARE = 1.05  # of a map's width: a taller one is drawn smaller, so that the sheet stays one page


class Sure(NamedTuple):
    """How sure an area's place is: the word, and the share (0 to 1) of weightings in which it is on the shortlist."""

    word: str
    share: float


@dataclass(frozen=True, eq=False)
class SheetSetting:
    """sureness: by area_code; boundaries: None where the release has none; changes: of indicators with periods."""

    ranking: Prioritisation
    comparison: Comparison
    sureness: Mapping[str, Sure]
    boundaries: Path | None
    alike: Likeness
    changes: tuple[OverTime, ...]

    @property
    def place(self) -> str:
        """The council, or whatever the release is of."""
        return self.ranking.release.council_name


def sheet_setting(store: Store, ranking: Prioritisation, comparison: Comparison | None = None) -> SheetSetting:
    """Return what sheets are made from, read from the ranking's own release."""
    found = how_sure(ranking.scores, ranking.scenario.framework)
    words = zip(found["stability"].astype(str), found["stability_probability"].astype(float), strict=True)
    sure = {str(code): Sure(*each) for code, each in zip(found["id"], words, strict=True)}
    alike = likeness(store, ranking.scenario.framework, ranking.areas.index)
    changes = tuple(over_time(store, each, ranking.areas.index) for each in with_several_periods(store))
    return SheetSetting(ranking, comparison or compare(store), sure, store.boundaries, alike, changes)


def sheet(setting: SheetSetting, kind: str, title: str, subtitle: str, blocks: list[Block]) -> Document:
    """Return a sheet with the names of what it was made from, dated as its release."""
    ranking, stamp = setting.ranking, setting.ranking.stamp()
    built = datetime.fromisoformat(ranking.release.built_at)
    placeholder = "Placeholder priorities: the partnership's own are still to be named. "
    status = placeholder if ranking.scenario.framework.status == "placeholder" else ""
    how = (
        f"{status}Scores run from 0 to 100, higher is greater need; rank 1 is the greatest need. Suppressed means held "
        "but not published, not nobody. A profile describes an area, not the people in it."
    )
    return Document(
        title=title,
        subtitle=subtitle,
        kicker=f"{kind}, {setting.place}",
        warning=stamp["note"],
        foot=f"Scenario {stamp['scenario']} · data release {stamp['release']} · prioritisation {__version__}",
        dated=built if built.tzinfo else built.replace(tzinfo=UTC),
        blocks=[*blocks, Paragraph(how, "quiet")],
        one_page=True,
    )


def locality_map(setting: SheetSetting, locality: str, outlined: str | None) -> list[Block]:
    """Return the map of a locality's areas by score, one of them outlined; nothing without boundaries."""
    areas = setting.ranking.areas
    inside = areas[areas["locality"] == locality]
    if setting.boundaries is None or not inside["has_boundary"].any():
        return []
    looks = _looks(setting)
    outlines = _outlines(setting.boundaries, tuple(inside.index))
    marked = [outlined] if outlined else []
    drawn = area_map(outlines, looks, PREFIX, outlined=marked, ringed=marked, size=LETTERS)
    entries = [Entry(number, "") for number in range(1, 6)]
    if any(looks[str(code)] == "missing" for code in inside.index):
        entries.append(Entry("missing", "not scored"))
    whole = padded(stacked([drawn, legend(entries, PREFIX, drawn.width, LETTERS)], 0.7 * LETTERS), MARGIN)
    alt = f"Map of {locality}: {len(inside)} areas, darker where the overall score is greater."
    alt += " A ring marks this area." if outlined else ""
    caption = f"{locality}, by overall score{'; the ring marks this area' if outlined else ''}"
    width = min(1.0, TALLEST_SHARE * whole.width / whole.height)
    return [Picture(picture(whole, alt, definitions=patterns(PREFIX)), alt, caption, width)]


def _looks(setting: SheetSetting) -> dict[str, Look]:
    """Return the class of every area's score, with the breaks of the framework's own weights, as on screen."""
    scores, framework = setting.ranking.scores, setting.ranking.scenario.framework
    own = np.array(Scenario.starting(framework).weights)
    classes = classify(scores.score, class_breaks(overall(scores.priority_scores, own, framework.aggregate)))
    codes = setting.ranking.areas.index
    return {str(code): int(found) if found else "missing" for code, found in zip(codes, classes, strict=True)}


@lru_cache(maxsize=16)
def _outlines(boundaries: Path, codes: tuple[str, ...]) -> Outlines:
    nowhere = pd.DataFrame({"locality": [None] * len(codes)}, index=list(codes))
    return true_outlines(boundaries, nowhere)
