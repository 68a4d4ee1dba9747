"""Words that people type into the workspace: checked for length and for what cannot be shown, otherwise kept as typed.

Nothing is escaped here: text is stored as text, and whoever shows it shows it as text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from prioritisation.errors import Fault, UserError

# Marks that reorder what is read (Unicode's embeddings, overrides and isolates), so that a name shows as another.
_REORDERING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_UNSHOWABLE = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True)
class Field:
    """What one box takes."""

    what: str
    longest: int
    several_lines: bool = False
    required: bool = True


NAME = Field("name", 120)
NOTE = Field("note", 4_000, several_lines=True, required=False)
REASON = Field("reason", 4_000, several_lines=True)
ROLE = Field("role", 120)
ORGANISATION = Field("organisation", 120)
AUTHOR = Field("role or organisation", 120)


def accepted(given: Sequence[tuple[Field, str]], not_done: str) -> list[str]:
    """Return the texts without outer blanks. UserError with every fault: empty, too long, unshowable characters."""
    kept = [text.strip() for _, text in given]
    faults = [fault for (field, _), text in zip(given, kept, strict=True) for fault in _faults(field, text)]
    if faults:
        raise UserError(
            "Something is still needed before this can be saved.",
            not_done=not_done,
            remedy="Mend what is named above, then save again.",
            faults=faults,
        )
    return kept


def _faults(field: Field, text: str) -> list[Fault]:
    found = []
    if field.required and not text:
        found.append(Fault(field.what, "is empty.", f"Write a {field.what}."))
    if len(text) > field.longest:
        remedy = f"Use {field.longest:,} or fewer."
        found.append(Fault(field.what, f"is {len(text):,} characters long.", remedy))
    unshowable = sorted({f"U+{ord(letter):04X}" for letter in text if not _can_be_shown(letter, field)})
    if unshowable:
        remedy = "Type it again, rather than pasting it."
        found.append(Fault(field.what, f"holds characters that cannot be shown ({', '.join(unshowable)}).", remedy))
    return found


def _can_be_shown(letter: str, field: Field) -> bool:
    if letter in "\n\r\t":
        return field.several_lines
    nothing = ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF
    return not nothing and letter not in _REORDERING and unicodedata.category(letter) not in _UNSHOWABLE
