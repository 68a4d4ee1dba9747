"""Identifiers of people in any text: CHI, NHS and National Insurance numbers, postcodes, dates, e-mail, telephone.

Standard library only and Python 3.9 syntax: this file also becomes part of the partner's single-file tool.

Texts are compared after Unicode normalisation (NFKC), with the digits of all scripts as 0-9 and without invisible
characters. Numbers are read with or without spaces, dashes, dots and the like between their digits, and as whole
numbers only: ten digits inside a longer number or code are not a CHI number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

CHI = "CHI number"
NHS = "NHS number"
NATIONAL_INSURANCE = "National Insurance number"
EMAIL = "e-mail address"
TELEPHONE = "telephone number"
POSTCODE = "postcode"
BIRTH = "date of birth"
KINDS = (CHI, NHS, NATIONAL_INSURANCE, EMAIL, TELEPHONE, POSTCODE, BIRTH)

# What nearly every cell of an extract looks like: keys, ids, months, counts, costs, bands, codes of areas.
_PLAIN = re.compile(
    r"[0-9a-f]{64}|[0-9A-F]{64}|[A-Za-z_; ]*|\d{4}-\d{2}|\d{1,7}(?:\.\d{1,2})?|\d{1,3}(?:-\d{1,3}|\+)"
    r"|[A-Z]\d{8}|DEMO\d{5}"
)
_AMOUNT = re.compile(r"\s*[£$]?\s*(?:\d{1,7}|\d{1,3}(?:,\d{3}){1,2})\.\d{2}\s*")
_WITHOUT_END = re.compile(r"(?<![0-9.])(\d{6,15})\.0+(?![0-9])")
_SCIENTIFIC = re.compile(r"(?<![0-9A-Z.])(\d)\.?(\d{0,14})E\+?(\d{1,2})(?![0-9A-Z])")
_MIXED = re.compile(r"(?<![0-9A-Z])[A-Z]*\d+[A-Z]+\d[0-9A-Z]*")
_GROUPS = re.compile(r"\d+(?:[^0-9A-Z;]{1,3}\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_YEAR_MONTH = re.compile(r"(?:19|20)\d{2} (?:0[1-9]|1[0-2])(?![0-9])")
_MOBILE_WITHOUT_ZERO = re.compile(r"7[1-9]\d{8}")
_TELEPHONE = re.compile(r"0[1-35789]\d{9}|0[58]00\d{6}|(?:00)?440?[1-35789]\d{9}")
_ABROAD = re.compile(r"\+[^0-9A-Z;]{0,2}\d(?:[^0-9A-Z;]{0,3}\d){8,14}(?![0-9A-Z])")
_EMAIL = re.compile(r"[^\s@]\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)+")
_GAP = r"[^0-9A-Z;]{0,3}"
# Prefixes as HM Revenue and Customs gives them out (NIM39110). Without its last letter, a number is recognised
# unless it reads as two letters with a year and month, as names of files do.
_INSURANCE = re.compile(
    r"(?<![0-9A-Z])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z]GAP[A-CEGHJ-NPR-TW-Z]"
    r"(?:GAP\dGAP\dGAP\dGAP\dGAP\dGAP\dGAP[A-D]| ?(?!(?:19|20)\d\d(?:0[1-9]|1[0-2]))(?:\d{6}|\d\d(?: \d\d){2}))"
    r"(?![0-9A-Z])".replace("GAP", _GAP)
)
_POST_AREAS = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|"
    "L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
_POSTCODE = rf"(?:{_POST_AREAS})\d[0-9A-Z]?[^0-9A-Z;]{{0,2}}\d[ABD-HJLNP-UW-Z]{{2}}"
_POSTCODE_INSIDE = re.compile(rf"(?<![0-9A-Z]){_POSTCODE}(?![0-9A-Z])")
_POSTCODE_WHOLE = re.compile(_POSTCODE)
_NAMES_OF_MONTHS = (
    "JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|"
    "NOV(?:EMBER)?|DEC(?:EMBER)?"
)
_DATE_PARTS = {
    "YEAR": r"(?P<year>(?:18|19|20)\d\d)",
    "SHORT": r"(?P<year>\d\d)",
    "MONTH": r"(?P<month>0?[1-9]|1[0-2])",
    "MM": r"(?P<month>0[1-9]|1[0-2])",
    "NAME": rf"(?P<month>{_NAMES_OF_MONTHS})",
    "DAY": r"(?P<day>0?[1-9]|[12]\d|3[01])",
    "DD": r"(?P<day>0[1-9]|[12]\d|3[01])",
    "TH": r"(?:ST|ND|RD|TH)?",
    "SEP": r"(?P<sep> ?[/.,\-_:] ?| )",
    "SAME": r"(?P=sep)",
    "POINT": r"(?P<sep>[/.\-_])",
    "ANY": r"[ /.,\-_]{0,2}",
}
_DATE_FORMS = (
    "(?<![0-9])YEAR SEP MONTH SAME DAY(?![0-9])",
    "(?<![0-9])DAY SEP MONTH SAME YEAR(?![0-9])",
    "(?<![0-9])MONTH SEP DAY SAME YEAR(?![0-9])",
    "(?<![0-9A-Z])DAY POINT MONTH SAME SHORT(?![0-9A-Z])",
    "(?<![0-9A-Z])MONTH POINT DAY SAME SHORT(?![0-9A-Z])",
    r"(?<![0-9A-Z])DAY TH ANY (?:O[F]\s)? NAME ANY(?:YEAR|'?(?P<short>[0-9]{2}))(?![0-9A-Z])",
    "(?<![0-9A-Z])NAME ANY DAY TH ANY YEAR(?![0-9A-Z])",
    "(?<![0-9A-Z])YEAR ANY NAME ANY DAY(?![0-9A-Z])",
    "(?<![0-9A-Z])YEAR MM DD(?![0-9])",
    "(?<![0-9A-Z])DD MM YEAR(?![0-9])",
)
_SERIALS = range(3_653, 73_051)  # 1 January 1910 to 31 December 2099 as spreadsheets count days
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LONGEST = 15


def _form(text: str) -> re.Pattern[str]:
    return re.compile("".join(re.sub("[A-Z]{2,}", lambda word: _DATE_PARTS[word[0]], part) for part in text.split(" ")))


_FULL_DATES = tuple(_form(text) for text in _DATE_FORMS)


def kinds_in(
    text: str, postcode_allowed: bool = False, serials: bool = False, made_from: date | None = None
) -> frozenset[str]:
    """Return the kinds of identifier (KINDS) that a cell, header, or name of a sheet or file holds.

    postcode_allowed: postcodes are no hit (the area column may hold them). serials: a whole number that a spreadsheet
    would show as a date is a date of birth. made_from: full dates from this day on are no hit (the name of a file may
    say when it was made). "Date of birth" is any full date; a month is none.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text) and not serials:
        return frozenset()
    plain = normalised(text)
    found = set(_numbers(plain))
    if _EMAIL.search(plain):
        found.add(EMAIL)
    if _INSURANCE.search(plain) or _INSURANCE.search(_squeezed(plain)):
        found.add(NATIONAL_INSURANCE)
    if not postcode_allowed and (_POSTCODE_INSIDE.search(plain) or _POSTCODE_WHOLE.fullmatch(_squeezed(plain))):
        found.add(POSTCODE)
    if _holds_date(plain, made_from) or (serials and plain.isdigit() and len(plain) < 6 and int(plain) in _SERIALS):
        found.add(BIRTH)
    return frozenset(found)


def first_kind(
    text: str, postcode_allowed: bool = False, serials: bool = False, made_from: date | None = None
) -> str | None:
    """Return the most telling kind of identifier that a text holds, or None."""
    found = kinds_in(text, postcode_allowed, serials, made_from)
    return next((kind for kind in KINDS if kind in found), None)


def normalised(text: str) -> str:
    """Return a text as identifiers are compared: NFKC, capitals, digits as 0-9, no invisible characters, trimmed."""
    if not text.isascii():
        compatible = unicodedata.normalize("NFKC", text)
        text = "".join(_character(each) for each in compatible if unicodedata.category(each) != "Cf")
    return text.upper().strip()


def _character(each: str) -> str:
    category = unicodedata.category(each)
    if category == "Nd":
        return str(unicodedata.digit(each))
    return "-" if category == "Pd" or each == "\u2212" else each


def _squeezed(text: str) -> str:
    """Return a short text without anything but letters and digits; a long one empty, since it is no single value."""
    return re.sub("[^0-9A-Z]", "", text) if len(text) <= 2 * _LONGEST else ""


def _numbers(text: str) -> Iterator[str]:
    """Yield the kinds of the numbers in a normalised text."""
    if _ABROAD.search(text):
        yield TELEPHONE
    if _AMOUNT.fullmatch(text):
        return
    text = _WITHOUT_END.sub(lambda number: number[1], text)
    text = _SCIENTIFIC.sub(lambda number: _written_out(number[1], number[2].rstrip("0"), int(number[3])), text)
    text = _MIXED.sub("X", text)
    for run in _GROUPS.finditer(text):
        glued = text[run.end() : run.end() + 1].isalpha() or text[max(run.start() - 1, 0) : run.start()].isalpha()
        groups = re.findall(r"\d+", run[0])
        as_one = len(groups) == 1 or _THOUSANDS.fullmatch(run[0]) is not None
        yield from _kinds_of_groups(groups, nine_digits=as_one and not glued)


def _written_out(first: str, rest: str, exponent: int) -> str:
    return (first + rest).ljust(exponent + 1, "0") if len(rest) <= exponent < _LONGEST else ""


def _kinds_of_groups(groups: Sequence[str], nine_digits: bool) -> Iterator[str]:
    """Yield the kinds of every number that neighbouring groups of digits make together."""
    for first in range(len(groups)):
        number = ""
        for last in range(first, len(groups)):
            number += groups[last]
            if len(number) > _LONGEST:
                break
            if (len(number) == 10 or (len(number) == 9 and nine_digits)) and is_chi(number.rjust(10, "0")):
                yield CHI
            if len(number) >= 10 and not _YEAR_MONTH.search(" ".join(groups[first : last + 1])):
                if is_nhs(number):
                    yield NHS
                if _TELEPHONE.fullmatch(number) or _MOBILE_WITHOUT_ZERO.fullmatch(number):
                    yield TELEPHONE


def is_chi(number: str) -> bool:
    """Say whether ten digits are a CHI number: a date DDMMYY and a last digit that fits Modulus 11 or Modulus 10.

    Both are as Public Health Scotland checks them (phsmethods, chi_check; Modulus 10 from February 2026).
    """
    if len(number) != 10 or not number.isdigit() or not _is_day(number):
        return False
    return number[9] in (modulus_11(number), modulus_10(number))


def is_nhs(number: str) -> bool:
    """Say whether ten digits are an NHS number of England, Wales, Man or Northern Ireland (Modulus 11)."""
    return len(number) == 10 and len(set(number)) > 1 and number[9] == modulus_11(number)


def is_postcode(text: str) -> bool:
    """Say whether a whole text is a postcode of the United Kingdom, with or without a space."""
    return _POSTCODE_WHOLE.fullmatch(_squeezed(normalised(text))) is not None


def modulus_11(number: str) -> str:
    """Return the check digit of nine digits weighted 10 to 2, or "" where no digit fits and none is given out."""
    total = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1)))  # noqa: B905 - Python 3.9
    check = -total % 11
    return "" if check == 10 else str(check)


def modulus_10(number: str) -> str:
    """Return the check digit of nine digits as Luhn defined it: every second from the right doubled, digits summed."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[0:9:2])
    return str(-(doubled + sum(int(digit) for digit in number[1:9:2])) % 10)


def _is_day(number: str) -> bool:
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS_IN_MONTH[month - 1]:
        return False
    return (day, month) != (29, 2) or year % 4 == 0


def _holds_date(text: str, made_from: date | None) -> bool:
    return any(made_from is None or _day_of(found) < made_from for form in _FULL_DATES for found in form.finditer(text))


def _day_of(found: re.Match[str]) -> date:
    """Return the day that was written; one that no calendar has is as old as can be."""
    parts = found.groupdict()
    year = int(parts["year"] or parts["short"])
    month = parts["month"]
    number = int(month) if month.isdigit() else 1 + "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC".index(month[:3]) // 3
    try:
        return date(year if year > 99 else 2000 + year, number, int(parts["day"]))
    except ValueError:
        return date.min
