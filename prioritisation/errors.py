"""Errors that a person can act on: what we found and where, what we did not do, what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one input.

    `where` names file, sheet, row (as a spreadsheet counts them) and column as far as they apply;
    `found` says what is wrong there; `remedy` says what to write or do instead.
    """

    where: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.found}" if self.where else self.found
        return f"{sentence} {self.remedy}".rstrip()


class UserError(Exception):
    """A refusal in three parts, with every fault found, never shown with a traceback.

    found: what we found and where, as one sentence; faults: its details, all at once;
    not_done: what we did not do because of it; remedy: what to do next.
    """

    def __init__(self, found: str, *, not_done: str, remedy: str, faults: Sequence[Fault] = ()) -> None:
        self.found = found
        self.not_done = not_done
        self.remedy = remedy
        self.faults = tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        details = [f"  - {fault}" for fault in self.faults]
        return "\n".join([self.found, *details, f"Not done: {self.not_done}", f"What to do: {self.remedy}"])


def faults_of(check: Callable[[], object]) -> list[Fault]:
    """Return what a check finds wrong."""
    try:
        check()
    except UserError as refused:
        return list(refused.faults)
    return []
