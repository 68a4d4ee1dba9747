"""Invented identifiers, with right check digits, in the notations that people and spreadsheets give them."""

from __future__ import annotations

import random
from collections.abc import Callable

Notation = Callable[[str], str]
NOTATIONS: dict[str, Notation] = {
    "plain": str,
    "space": lambda number: f"{number[:6]} {number[6:]}",
    "dash": lambda number: f"{number[:6]}-{number[6:]}",
    "long dash": lambda number: f"{number[:6]} \u2013 {number[6:]}",
    "dots": lambda number: f"{number[:2]}.{number[2:4]}.{number[4:6]}.{number[6:]}",
    "slashes": lambda number: f"{number[:2]}/{number[2:4]}/{number[4:6]}/{number[6:]}",
    "apart": " ".join,
    "without its zero": lambda number: str(int(number)),
    "as a decimal": lambda number: f"{int(number)}.0",
    "scientific": lambda number: f"{int(number):.9E}",
    "short scientific": lambda number: (
        f"{int(number) / 10 ** (len(str(int(number))) - 1)}e+0{len(str(int(number))) - 1}"
    ),
    "thousands": lambda number: f"{int(number):,}",
    "full width": lambda number: "".join(chr(0xFF10 + int(digit)) for digit in number),
    "Arabic digits": lambda number: "".join(chr(0x660 + int(digit)) for digit in number),
    "invisible space": lambda number: f"{number[:6]}\u200b{number[6:]}",
    "hard space": lambda number: f"{number[:6]}\u00a0{number[6:]}",
    "in a name of a file": lambda number: f"extract_{number}_v2.csv",
    "in a sentence": lambda number: f"Seen twice, {number[:3]} {number[3:6]} {number[6:]}, moved on",
    "labelled": lambda number: f"CHI{number}",
    "kept as text": lambda number: f"'{number}",
    "kept as a formula": lambda number: f'="{number}"',
    "after a number": lambda number: f"3 {number}",
}


def chi_numbers(modulus: int, count: int, seed: int) -> list[str]:
    """Draw CHI numbers that pass the check of one modulus and not of the other."""
    drawn = random.Random(seed)
    numbers: list[str] = []
    while len(numbers) < count:
        nine = f"{drawn.randint(1, 28):02}{drawn.randint(1, 12):02}{drawn.randint(0, 99):02}{drawn.randint(0, 999):03}"
        eleven, ten = slow_modulus_11(nine), slow_modulus_10(nine)
        if eleven != ten and eleven < 10:
            numbers.append(f"{nine}{eleven if modulus == 11 else ten}")
    return numbers


def slow_modulus_11(nine: str) -> int:
    """Return the digit, or 10 where there is none, that makes the sum of digits x (10, 9, ..., 1) divide by 11."""
    return next(
        check
        for check in range(11)
        if (sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) + check) % 11 == 0
    )


def slow_modulus_10(nine: str) -> int:
    """Return the digit that makes the sum of digits, every second from the right doubled and summed, end in 0."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        total += sum(int(part) for part in str(int(digit) * 2)) if place % 2 == 0 else int(digit)
    return next(check for check in range(10) if (total + check) % 10 == 0)


OTHERS: dict[str, tuple[str, ...]] = {
    "NHS number": ("9434765919", "943 476 5919", "943-476-5919", "9434765919.0", "9.434765919E+09", "(943) 4765919"),
    "National Insurance number": (
        "AB123456C",
        "ab 12 34 56 c",
        "AB 123456 C",
        "A-B-1-2-3-4-5-6-C",
        "AB123456",
        "nino_AB123456D",
    ),
    "postcode": (
        "KA7 1AB",
        "ka71ab",
        "KA7\u00a01AB",
        "K A 7 1 A B",
        "G1 1AA",
        "EC1A 1BB",
        "at KA10 6QE, flat 2",
        "KA7-1AB",
    ),
    "date of birth": (
        "01/02/1950",
        "1/2/50",
        "1950-02-01",
        "19500201",
        "01021950",
        "14 March 1950",
        "March 14, 1950",
        "14-Mar-50",
        "14th of March 1950",
        "1950-03-14T00:00:00",
        "31/02/1950",
        "1.2.1950",
        "02/14/1950",
        "1950 02 01",
        "dob 1-Feb-1950",
        "extract_1950-02-01.csv",
    ),
    "e-mail address": ("a.b@example.org", "a.b @ example . org", "A\uff20example.org", "mailto:a@b.co.uk"),
    "telephone number": (
        "07700 900123",
        "+44 7700 900123",
        "+44 (0)1292 612000",
        "01292 612000",
        "(01292) 612-000",
        "7700900123",
        "00447700900123",
        "7700900123.0",
        "0800 123456",
        "+33 1 23 45 67 89",
        "\u202a07700900123\u202c",
    ),
}
