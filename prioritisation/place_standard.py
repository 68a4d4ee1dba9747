"""The Place Standard tool as the catalogue describes it: its themes, and what its scores mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from prioritisation.errors import Fault, UserError

FILE = "place_standard.toml"
OVERALL = "place_standard"
_ID = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True)
class Theme:
    """One theme with the question that people score."""

    id: str
    name: str
    question: str

    @property
    def indicator_id(self) -> str:
        """Id of the indicator that its scores may become."""
        return f"{OVERALL}_{self.id}"


@dataclass(frozen=True)
class PlaceStandard:
    """The tool. least, most: ends of its scale, whole numbers; the least is the most room for improvement."""

    title: str
    publisher: str
    url: str
    least: int
    most: int
    least_means: str
    most_means: str
    themes: tuple[Theme, ...]

    @property
    def scale(self) -> range:
        """Every score that can be given."""
        return range(self.least, self.most + 1)

    @property
    def scale_words(self) -> str:
        """What the ends of the scale mean, as one sentence without its stop."""
        return f"{self.least} means {self.least_means}, {self.most} means {self.most_means}"

    @property
    def names(self) -> dict[str, str]:
        """Theme id -> name, in the tool's order."""
        return {theme.id: theme.name for theme in self.themes}


def load_place_standard(catalogue: Path) -> PlaceStandard:
    """Read the tool from the catalogue's folder. UserError: with every fault of the file."""
    path = catalogue / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise _refusal(path, [Fault(FILE, f"cannot be read ({type(fault).__name__}).", "Save it as TOML.")]) from fault
    faults = [*_faults(content)]
    if faults:
        raise _refusal(path, faults)
    themes = tuple(Theme(**each) for each in content["theme"])
    return PlaceStandard(**{name: value for name, value in content.items() if name != "theme"}, themes=themes)


def _refusal(path: Path, faults: list[Fault]) -> UserError:
    return UserError(
        f"The Place Standard's themes in {path} cannot be used.",
        faults=faults,
        not_done="Nothing was read or saved.",
        remedy="Mend what is named above, then try again.",
    )


def _faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    wanted = {each.name: int if each.name in ("least", "most") else str for each in fields(PlaceStandard)}
    del wanted["themes"]
    for name, kind in wanted.items():
        if not isinstance(content.get(name), kind):
            yield Fault(FILE, f"'{name}' is missing or not of its kind.", f"Write {name} = ... as the file came.")
    for name in content.keys() - wanted.keys() - {"theme"}:
        yield Fault(FILE, f"there is no setting called '{name}'.", "Take it out.")
    if all(isinstance(content.get(end), int) for end in ("least", "most")) and content["least"] >= content["most"]:
        yield Fault(FILE, "the scale has no room.", "Write least below most.")
    yield from _theme_faults(content.get("theme"))


def _theme_faults(themes: object) -> Iterator[Fault]:
    if not isinstance(themes, list) or not themes:
        yield Fault(FILE, "there is no theme.", "Add at least one [[theme]].")
        return
    wanted, seen = {each.name for each in fields(Theme)}, set()
    for number, theme in enumerate(themes, start=1):
        if (
            not isinstance(theme, dict)
            or set(theme) != wanted
            or not all(isinstance(each, str) for each in theme.values())
        ):
            yield Fault(f"{FILE}, theme {number}", "does not have an id, a name and a question.", "Write these three.")
        elif not _ID.fullmatch(theme["id"]) or theme["id"] in seen:
            yield Fault(f"{FILE}, theme {number}", "its id cannot be used, or is there twice.", "Give each its own id.")
        else:
            seen.add(theme["id"])
