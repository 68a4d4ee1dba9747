"""One cell of a partner's own table to what a keyed extract may hold. Standard library, Python 3.9 syntax.

Each reader takes the cell's text and returns the value, or Unfit, which never repeats the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from prioritisation.identifiers import is_chi, is_postcode, normalised
from prioritisation.pseudonymise.keys import person_key
from prioritisation.pseudonymise.rules import Unfit, comparable

FIRST_YEAR = 2000
OLDEST = 120
_SEXES = {
    "female": ("female", "f", "woman", "girl", "2"),
    "male": ("male", "m", "man", "boy", "1"),
    "not known": ("", "not_known", "unknown", "u", "not_specified", "not_stated", "other", "x", "0", "9"),
}
_PLACES = {
    "no fixed abode": ("no_fixed_abode", "nfa", "no_fixed_address", "zz99_3vz", "zz993vz"),
    "withheld": ("withheld", "protected", "protected_address", "address_withheld"),
}
_SEX_OF = {word: sex for sex, words in _SEXES.items() for word in words}
_PLACE_OF = {word: place for place, words in _PLACES.items() for word in words}
_DATA_ZONE = re.compile(r"S01\d{6}|DEMO\d{5}")
_INVENTED = re.compile(r"DEMO[A-Z]?\d{4,9}")  # the demonstration's people, in place of CHI numbers
_NOT_KNOWN = ("", "not_known", "unknown")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_NAMED = re.compile(r"(?:(\d{1,2})[ -])?([A-Z]{3,9})[ -](\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Once(dict[str, Any]):
    """Reads each different cell once: `once[text]` is its value, or Unfit."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> Any:
        formula = Unfit("the cell holds a formula.", "Save the values only, not formulas.")
        made = formula if text.startswith("=") else self.read(text.strip())
        self[text] = made
        return made


def read_identifier(text: str, key: bytes, kind: str, partner: str) -> str | Unfit:
    """Return the keyed code of a CHI number, or of a reference as letters and digits."""
    letters = _letters(text)
    if not letters:
        return Unfit("there is no identifier.", "Write it, or leave the row out.")
    if kind == "chi" and not _INVENTED.fullmatch(letters):
        letters = _ten(letters)
        if not is_chi(letters):
            remedy = "Correct it, leave the row out, or use --kind partner_reference for references of your own."
            return Unfit("the identifier is not a valid CHI number.", remedy)
    return person_key(key, kind, partner, letters)


def mostly_chi(texts: Iterable[str]) -> bool:
    """Say whether most of the different identifiers are valid CHI numbers; of random numbers one in 150 is."""
    different = {_ten(_letters(text)) for text in texts} - {""}
    return sum(is_chi(letters) for letters in different) > len(different) / 2


def _letters(text: str) -> str:
    return re.sub("[^0-9A-Z]", "", normalised(text))


def _ten(letters: str) -> str:
    """Return a CHI number with the zero that a spreadsheet ate."""
    return letters.rjust(10, "0") if len(letters) == 9 else letters


def read_area(text: str, zones: Mapping[str, str] | None) -> str | Unfit:
    """Return a data zone code, "no fixed abode" or "withheld"."""
    place = _PLACE_OF.get(comparable(text))
    if place is not None:
        return place
    code = re.sub("[^0-9A-Z]", "", normalised(text))
    if zones is not None and code in zones:
        return zones[code]
    if _DATA_ZONE.fullmatch(code):
        return code
    if not code:
        return Unfit("there is no postcode or data zone.", 'Write one, or "no fixed abode", or "withheld".')
    if not is_postcode(code):
        return Unfit("this is no postcode and no data zone.", 'Write one, or "no fixed abode", or "withheld".')
    if zones is None:
        return Unfit("postcodes need the file that says which data zone they lie in.", "Add --postcodes FILE.")
    return Unfit("the postcode is not in the postcodes file.", "Correct it, or use a newer or wider postcodes file.")


def read_day(text: str) -> tuple[int, int, int | None] | Unfit:
    """Return (year, month, day or None where only the month is written) of a date, day before month."""
    plain = normalised(text)
    iso, british, named = _ISO.fullmatch(plain), _BRITISH.fullmatch(plain), _NAMED.fullmatch(plain)
    if iso:
        parts = iso[1], iso[2], iso[3]
    elif british:
        parts = british[3], british[2], british[1]
    elif named and named[2][:3].lower() in _MONTHS:
        parts = named[3], str(1 + _MONTHS.index(named[2][:3].lower())), named[1]
    elif plain.isdigit():
        return Unfit(
            "a number stands where a date belongs.", "Format the column as a date such as 2026-03-14 and save again."
        )
    else:
        return Unfit("this is no date that can be read.", "Write 2026-03-14, 14/03/2026 or, for contacts, 2026-03.")
    year, month, number = int(parts[0]), int(parts[1]), int(parts[2]) if parts[2] else None
    try:
        date(year, month, number or 1)
    except ValueError:
        return Unfit("there is no such day in the calendar.", "Correct it.")
    return year, month, number


def read_month(text: str, today: date) -> tuple[int, int] | Unfit:
    """Return (year, month) of a contact, from 2000 to this month."""
    found = read_day(text)
    if isinstance(found, Unfit):
        return found
    if found[:2] > (today.year, today.month):
        return Unfit("the contact lies in the future.", "Correct the date.")
    return found[:2] if found[0] >= FIRST_YEAR else Unfit(f"the contact lies before {FIRST_YEAR}.", "Correct the date.")


def read_birth(text: str) -> tuple[int, int] | Unfit | None:
    """Return (year, month) of birth; None where it is not known."""
    if comparable(text) in _NOT_KNOWN:
        return None
    found = read_day(text)
    return found if isinstance(found, Unfit) else found[:2]


def age_reached(birth: tuple[int, int] | None, contact: tuple[int, int]) -> int | Unfit | None:
    """Return the age reached by the end of the month of contact."""
    if birth is None:
        return None
    years = contact[0] - birth[0] - (birth[1] > contact[1])
    if years < 0:
        return Unfit("the contact lies before the birth.", "Correct one of the two dates.")
    return years if years <= OLDEST else Unfit(f"the age would be over {OLDEST}.", "Correct the date of birth.")


def read_age(text: str) -> int | Unfit | None:
    """Return an age in whole years; None where it is not known."""
    if comparable(text) in _NOT_KNOWN:
        return None
    found = re.fullmatch(r"(\d{1,3})(?:\.0+)?", text)
    if found and int(found[1]) <= OLDEST:
        return int(found[1])
    return Unfit("this is no age in whole years.", f"Write 0 to {OLDEST}, or nothing where it is not known.")


def band_of(years: int | None, bands: Iterable[str]) -> str:
    """Return the age band that holds an age."""
    for each in bands:
        low, _, high = each.rstrip("+").partition("-")
        if years is not None and low.isdigit() and int(low) <= years and (not high or years <= int(high)):
            return each
    return "not known"


def read_sex(text: str) -> str | Unfit:
    found = _SEX_OF.get(comparable(text))
    return Unfit("this is no sex that is known.", "Write female, male or not known.") if found is None else found


def one_of(text: str, words: Mapping[str, str | None], meaning: str, ids: Iterable[str]) -> str | Unfit:
    """Return the id that a word stands for; words with None belong to another partner."""
    word = comparable(text)
    if words.get(word) is None:
        found = (
            f"the {meaning} belongs to another partner." if word in words else f"this is no {meaning} of the contract."
        )
        return Unfit(found, f"Use one of {', '.join(ids)}; --map translates your own words.")
    return words[word] or ""


def some_of(text: str, words: Mapping[str, str], ids: Iterable[str]) -> str | Unfit:
    """Return flag ids joined by ";", sorted, each once."""
    found = set()
    for part in re.split("[;|,]", text):
        if comparable(part):
            flag = one_of(part, words, "flag", ids)
            if isinstance(flag, Unfit):
                return flag
            found.add(flag)
    return ";".join(sorted(found))


def read_count(text: str, most: int) -> int | Unfit:
    """Return a number of contacts; an empty cell is one contact."""
    if not text:
        return 1
    found = re.fullmatch(r"(\d{1,7})(?:\.0+)?", text)
    if found and 1 <= int(found[1]) <= most:
        return int(found[1])
    return Unfit("this is no number of contacts.", f"Write a whole number from 1 to {most}, without commas.")


def read_cost(text: str, most: str) -> Decimal | Unfit | None:
    """Return an amount in pounds; None where it is not known."""
    if not text:
        return None
    found = re.fullmatch(r"£?\s?(\d{1,9}(?:\.\d+)?)", text)
    if found and Decimal(found[1]) <= Decimal(most):
        return Decimal(found[1])
    return Unfit("this is no cost in pounds.", f"Write a number such as 310.50, at most {most}, without commas.")
