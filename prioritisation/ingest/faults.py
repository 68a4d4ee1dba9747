"""Every fault of every file, gathered first and raised once."""

from __future__ import annotations

from collections.abc import Iterable

from prioritisation.errors import Fault, UserError

ROWS_SHOWN = 5
CELL_SHOWN = 40
NOT_DONE = "Nothing was imported; the release in use is as it was."


class Faults:
    """Grows while files are read; `raise_if_any` turns it into one UserError."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def __len__(self) -> int:
        return len(self._found)

    @property
    def all(self) -> tuple[Fault, ...]:
        return tuple(self._found)

    def add(self, where: str, found: str, remedy: str = "") -> None:
        self._found.append(Fault(where, found, remedy))

    def add_rows(self, places: Iterable[tuple[str, str]], remedy: str) -> None:
        """Note (where, found) pairs of one kind: the first few in full, the rest as a count."""
        pairs = list(places)
        for where, found in pairs[:ROWS_SHOWN]:
            self.add(where, found, remedy)
        if len(pairs) > ROWS_SHOWN:
            self.add(pairs[ROWS_SHOWN - 1][0], f"and {len(pairs) - ROWS_SHOWN:,} more rows like this.")

    def raise_if_any(self, found: str, remedy: str) -> None:
        """found: one sentence with {count} where the number of faults belongs."""
        if self._found:
            count = f"{len(self._found)} fault{'s' if len(self._found) != 1 else ''}"
            raise UserError(found.format(count=count), not_done=NOT_DONE, remedy=remedy, faults=self._found)


def shown(cell: object) -> str:
    """Return a cell of open data fit for a message: printable, one line, short."""
    written = f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()
    text = "".join(letter if letter.isprintable() else "?" for letter in written)
    return f"'{text[: CELL_SHOWN - 1]}…'" if len(text) > CELL_SHOWN else f"'{text}'"


def counted(number: int, one: str, many: str) -> str:
    """Return '1 area' or '2,000 areas'."""
    return f"{number:,} {one if number == 1 else many}"


def listed(names: Iterable[object], most: int = ROWS_SHOWN) -> str:
    """Return 'a, b, c and 4 more'."""
    texts = [str(name) for name in names]
    rest = len(texts) - most
    return f"{', '.join(texts[:most])} and {rest:,} more" if rest > 0 else ", ".join(texts)
