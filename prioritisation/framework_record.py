"""A framework as a record of plain values, as saved scenarios and packs hold it, checked as strictly as its file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from prioritisation.errors import Fault
from prioritisation.framework import (
    AGGREGATES,
    IDENTIFIER,
    METHODS,
    POLARITIES,
    REFERENCES,
    STATUSES,
    Framework,
    IndicatorShare,
    Normalisation,
    Priority,
)

LARGEST_CUT = 100_000
_WHOLE = 1e-6  # shares were divided by their sum once, so they miss 1 by rounding only


def framework_from_record(record: object) -> tuple[Framework | None, list[Fault]]:
    """Return the very framework that `dataclasses.asdict` took apart, or None with every fault.

    Numbers are kept to the last bit, so nothing is rescaled here: shares that do not add up are a fault.
    """
    reader = _Reader()
    framework = reader.framework(reader.table(record, "framework"))
    return (None if reader.faults else framework), reader.faults


class _Reader:
    """Reads one record and notes what is not as it should be."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def check(self, holds: bool, where: str, found: str) -> bool:
        if not holds:
            self.faults.append(Fault(where, found))
        return holds

    def table(self, value: object, where: str) -> Mapping[str, Any]:
        return value if self.check(isinstance(value, dict), where, "is absent or not a table.") else {}  # type: ignore[return-value]

    def rows(self, value: object, where: str) -> list[object]:
        return value if self.check(isinstance(value, list) and bool(value), where, "is absent or empty.") else []  # type: ignore[return-value]

    def text(self, record: Mapping[str, Any], key: str, where: str) -> str:
        value = record.get(key)
        usable = isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)
        return str(value) if self.check(usable, f"{where} {key}", "is not text.") else ""

    def identifier(self, record: Mapping[str, Any], where: str) -> str:
        value = self.text(record, "id", where)
        self.check(IDENTIFIER.fullmatch(value) is not None, f"{where} id", "cannot be used.")
        return value

    def choice(self, value: object, allowed: tuple[str, ...], where: str) -> str:
        return str(value) if self.check(value in allowed, where, "is not known.") else allowed[0]

    def share(self, value: object, where: str, largest: float = 1.0) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= largest:
            return float(value)
        self.check(False, where, "is not a share from 0 to 1.")
        return 0.0

    def whole(self, value: object, where: str, largest: int) -> int:
        number = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= largest
        return value if self.check(number, where, "is not a whole number in range.") else 1  # type: ignore[return-value]

    def framework(self, record: Mapping[str, Any]) -> Framework:
        made = Framework(
            id=self.identifier(record, "framework"),
            name=self.text(record, "name", "framework"),
            status=self.choice(record.get("status"), STATUSES, "status"),
            aggregate=self.choice(record.get("aggregate"), AGGREGATES, "aggregate"),
            normalise=self.normalise(self.table(record.get("normalise"), "normalise")),
            cut=self.whole(record.get("cut"), "cut", LARGEST_CUT),
            patch_population=self.patch(record.get("patch_population")),
            priorities=tuple(map(self.priority, self.rows(record.get("priorities"), "priorities"))),
            reference=self.choice(record.get("reference"), REFERENCES, "reference"),
        )
        ids = made.priority_ids
        self.check(len(set(ids)) == len(ids), "priorities", "two have the same id.")
        self.add_up([priority.weight for priority in made.priorities], "weights")
        mixed = made.aggregate == "geometric" and made.normalise.method == "z-score"
        self.check(not mixed, "aggregate", "a geometric mean cannot be taken of z-scores.")
        return made

    def add_up(self, given: list[float], where: str) -> None:
        self.check(abs(math.fsum(given) - 1) <= _WHOLE, where, "do not add up to 1.")

    def normalise(self, record: Mapping[str, Any]) -> Normalisation:
        method = self.choice(record.get("method"), METHODS, "normalise")
        return Normalisation(method, self.share(record.get("rank_offset"), "rank_offset"))

    def patch(self, value: object) -> tuple[int, int] | None:
        if value is None:
            return None
        ends = value if isinstance(value, list) and len(value) == 2 else [None, None]
        low, high = (self.whole(end, "patch_population", 10**9) for end in ends)
        self.check(low <= high, "patch_population", "ends below its beginning.")
        return low, high

    def priority(self, value: object) -> Priority:
        record = self.table(value, "priority")
        entries = [self.indicator(entry) for entry in self.rows(record.get("indicators"), "indicators")]
        self.add_up([entry.share for entry in entries], "shares of the indicators")
        return Priority(
            id=self.identifier(record, "priority"),
            name=self.text(record, "name", "priority"),
            question=self.text(record, "question", "priority"),
            weight=self.share(record.get("weight"), "weight", 1 + _WHOLE),
            indicators=tuple(entries),
        )

    def indicator(self, value: object) -> IndicatorShare:
        record = self.table(value, "indicator")
        polarity = record.get("polarity")
        if polarity is not None:
            polarity = self.choice(polarity, POLARITIES, "polarity")
        share = self.share(record.get("share"), "share", 1 + _WHOLE)
        return IndicatorShare(self.text(record, "id", "indicator"), share, polarity)
