"""Words that people type into the workspace: checked for length, for what cannot be shown and for identifiers of
people, otherwise kept as typed.

Nothing is escaped here: text is stored as text, and whoever shows it shows it as text. No message repeats it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prioritisation.errors import Fault, UserError
from prioritisation.identifiers import BIRTH, CHI, EMAIL, KINDS, NATIONAL_INSURANCE, NHS, TELEPHONE, kinds_in

# Marks that reorder what is read (Unicode's embeddings, overrides and isolates), so that a name shows as another.
_REORDERING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Numbers in prose are listed: what stands on two sides of these is not one number.
_BETWEEN_NUMBERS = re.compile(r"[,;:!?.]\s+|\s+(?:and|or|to)\s+|[\n\r\t]+", re.IGNORECASE)
# Of meetings, plans and data a note may give the day; a day before this is most likely somebody's date of birth.
DAYS_FROM = date(2010, 1, 1)
_UNSHOWABLE = ("Cc", "Cs", "Zl", "Zp")


_KIND_WORDS = {
    CHI: "a CHI number",
    NHS: "an NHS number",
    NATIONAL_INSURANCE: "a National Insurance number",
    EMAIL: "an e-mail address",
    TELEPHONE: "a telephone number",
    BIRTH: "a date of birth",
}
_NUMBERS = frozenset((CHI, NHS, TELEPHONE))
_WITHOUT_PEOPLE = "Write it without: nothing here may be about one person. Roles and places may be named."


@dataclass(frozen=True)
class Field:
    """What one box takes. asked: what to do where it is empty, where "Write a" and its name would not say it."""

    what: str
    longest: int
    several_lines: bool = False
    required: bool = True
    asked: str = ""

    @property
    def when_empty(self) -> str:
        """What to do where it is empty."""
        return self.asked or f"Write {'an' if self.what[0] in 'aeiou' else 'a'} {self.what}."


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
        found.append(Fault(field.what, "is empty.", field.when_empty))
    if len(text) > field.longest:
        remedy = f"Use {field.longest:,} or fewer."
        found.append(Fault(field.what, f"is {len(text):,} characters long.", remedy))
    unshowable = sorted({f"U+{ord(letter):04X}" for letter in text if not _can_be_shown(letter, field)})
    if unshowable:
        remedy = "Type it again, rather than pasting it."
        found.append(Fault(field.what, f"holds characters that cannot be shown ({', '.join(unshowable)}).", remedy))
    kind = _identifier(text)
    if kind is not None:
        found.append(Fault(field.what, f"holds what looks like {_KIND_WORDS[kind]}.", _WITHOUT_PEOPLE))
    return found


def _identifier(text: str) -> str | None:
    """Return the kind of identifier of a person that a text holds, None where it holds none.

    A postcode is none: a note about a place may name one.
    """
    numbers = [kinds_in(part, postcode_allowed=True) & _NUMBERS for part in _BETWEEN_NUMBERS.split(text)]
    found = kinds_in(text, postcode_allowed=True, made_from=DAYS_FROM) - _NUMBERS
    return next((kind for kind in KINDS if kind in found.union(*numbers)), None)


def _can_be_shown(letter: str, field: Field) -> bool:
    if letter in "\n\r\t":
        return field.several_lines
    nothing = ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF
    return not nothing and letter not in _REORDERING and unicodedata.category(letter) not in _UNSHOWABLE
