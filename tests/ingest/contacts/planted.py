"""Identifiers of invented people, made to their own rules, to be planted where none may be."""

from __future__ import annotations

import random
from collections.abc import Callable

from made_identifiers import NOTATIONS, chi_numbers

PREFIXES = ("AB", "CE", "JG", "NR", "PW", "SX", "YZ")


def nhs(draw: random.Random) -> str:
    while True:
        nine = f"{draw.randint(400_000_000, 799_999_999)}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return nine + str(check % 11)


def insurance(draw: random.Random) -> str:
    return f"{draw.choice(PREFIXES)}{draw.randint(0, 999_999):06}{draw.choice('ABCD')}"


def postcode(draw: random.Random) -> str:
    town, street = f"{draw.choice(['KA', 'G', 'EH', 'ML'])}{draw.randint(1, 30)}", draw.randint(1, 9)
    return f"{town} {street}{draw.choice('ABDEF')}{draw.choice('HJLNP')}"


def birth(draw: random.Random) -> str:
    return f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(1930, 2015)}"


def email(draw: random.Random) -> str:
    return f"ann.{draw.randint(1, 99_999)}@example.org"


def telephone(draw: random.Random) -> str:
    return f"07{draw.randint(100_000_000, 999_999_999)}"


MADE: dict[str, tuple[Callable[[random.Random], str], str]] = {
    "NHS": (nhs, "NHS number"),
    "National Insurance": (insurance, "National Insurance number"),
    "postcode": (postcode, "postcode"),
    "date of birth": (birth, "date of birth"),
    "e-mail": (email, "e-mail address"),
    "telephone": (telephone, "telephone number"),
}
MODULUS = {"CHI, Modulus 11": 11, "CHI, Modulus 10": 10}
KINDS = {**dict.fromkeys(MODULUS, "CHI number"), **{name: kind for name, (_, kind) in MADE.items()}}
WRITTEN = (
    "plain",
    "space",
    "dash",
    "long dash",
    "dots",
    "without its zero",
    "full width",
    "invisible space",
    "hard space",
)


def planted(kind: str, count: int = 500) -> list[str]:
    """Different identifiers of one kind, the same each time; CHI numbers in the notations that cells give them."""
    if kind in MODULUS:
        numbers = chi_numbers(MODULUS[kind], count, seed=5)
        return [NOTATIONS[WRITTEN[place % len(WRITTEN)]](each) for place, each in enumerate(numbers)]
    draw, found = random.Random(kind), dict.fromkeys([""][:0])
    while len(found) < count:
        found[MADE[kind][0](draw)] = None
    return list(found)
