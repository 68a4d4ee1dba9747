"""Periods as publishers write them ("2017", "2016/17", "mid-2021", "2014 to 2017"), in order and in months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ONE = re.compile(
    r"(?P<month_year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?!\d)"
    r"|(?P<financial>(?:19|20)\d\d)/\d\d(?!\d)"
    r"|mid-(?P<mid>(?:19|20)\d\d)(?!\d)"
    r"|(?<![\d/-])(?P<year>(?:19|20)\d\d)(?![\d/])"
)
_APRIL, _MARCH_AFTER, _JUNE, _YEAR = 3, 14, 5, 12


@dataclass(frozen=True, order=True)
class Period:
    """One period. first, last: its first and last month, counted from the year 0; text: as published."""

    first: int
    last: int
    text: str

    @property
    def middle(self) -> float:
        """When it was on average, in years."""
        return (self.first + self.last + 1) / 2 / _YEAR

    @property
    def form(self) -> str:
        """How it is written: its digits as 9."""
        return form_of(self.text)


def form_of(text: str) -> str:
    """Return a text with each digit as 9: texts of one form stand in the order of time."""
    return re.sub(r"\d", "9", text)


def period_of(text: str) -> Period | None:
    """Return the period that a text names; None where it names no year. "2014/15" is April 2014 to March 2015."""
    spans = [_span(found) for found in _ONE.finditer(text)]
    if not spans:
        return None
    return Period(min(first for first, _ in spans), max(last for _, last in spans), text)


def overlap(periods: Sequence[Period]) -> bool:
    """Say whether any two of the periods share a month."""
    ordered = sorted(periods)
    return any(later.first <= earlier.last for earlier, later in pairwise(ordered))


def _span(found: re.Match[str]) -> tuple[int, int]:
    if found["month"]:
        month = int(found["month_year"]) * _YEAR + int(found["month"]) - 1
        return month, month
    if found["financial"]:
        start = int(found["financial"]) * _YEAR
        return start + _APRIL, start + _MARCH_AFTER
    if found["mid"]:
        month = int(found["mid"]) * _YEAR + _JUNE
        return month, month
    start = int(found["year"]) * _YEAR
    return start, start + _YEAR - 1
