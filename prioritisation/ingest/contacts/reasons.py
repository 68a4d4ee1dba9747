"""Why a cell of an extract is not what the contract allows, in words that never hold the cell itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from prioritisation.contract import NO_FIXED_ABODE, NOT_KNOWN, WITHHELD, Column, Contract
from prioritisation.identifiers import BIRTH, POSTCODE, kinds_in

FIRST_MONTH = date(2000, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LISTED_UP_TO = 12
_KEYED = "Run `prioritisation pseudonymise` at the partner and send what it writes."
_LEAVE_OUT = "Identifiers never leave the partner: leave the column or cell out, and send the extract again."
_PLAIN_NUMBER = "Write the number with digits only."


@dataclass(frozen=True)
class Reason:
    """What is wrong with cells of one column, and what to write instead."""

    found: str
    remedy: str


def reason(cell: str, column: Column, contract: Contract, this_month: date, has_postcodes: bool) -> Reason:
    """Return why this cell, which the contract refuses, is refused."""
    return (
        _identifier(cell, column)
        or _form(cell)
        or _BY_KIND.get(column.kind, _other)(cell, column, contract, this_month, has_postcodes)
    )


def identifier_reason(kinds: frozenset[str]) -> Reason:
    """Return the refusal of anything that looks like an identifier of a person."""
    return Reason(f"holds what looks like a {' or '.join(sorted(kinds))}.", _LEAVE_OUT)


def _identifier(cell: str, column: Column) -> Reason | None:
    """Name identifiers, but for those that the column's own kind explains better."""
    kinds = kinds_in(cell, postcode_allowed=column.kind == "area")
    if column.kind == "month":
        kinds -= {BIRTH}
    return identifier_reason(kinds) if kinds else None


def _form(cell: str) -> Reason | None:
    if not cell.strip():
        return Reason("is empty.", "Every row needs a value here; the template says which are allowed.")
    if cell.startswith(_FORMULA):
        return Reason("begins with =, +, - or @, as a formula does.", "Write the plain value.")
    if cell != cell.strip():
        return Reason("has spaces before or after the value.", "Take the spaces away.")
    if not cell.isprintable():
        return Reason("holds invisible characters.", "Write the plain value.")
    return None


def _pattern(cell: str, column: Column, *rest: object) -> Reason:
    if column.name == "person_key":
        return Reason("is not a person key (64 characters of 0-9 and a-f).", _KEYED)
    return Reason("is not written as the contract says.", f"Write it like this: {column.example}.")


def _one_of(cell: str, column: Column, contract: Contract, *rest: object) -> Reason:
    values = contract.values(column.name)
    if cell.lower() in {value.lower() for value in values}:
        return Reason("is written with other capitals than the contract's value.", "Write it exactly as listed.")
    if len(values) <= _LISTED_UP_TO:
        return Reason("is not one of the allowed values.", f"Write one of: {', '.join(values)}.")
    return Reason("is not one of the allowed values.", f"The template lists all {len(values)}.")


def _some_of(cell: str, column: Column, contract: Contract, *rest: object) -> Reason:
    values = contract.values(column.name)
    if "," in cell or "|" in cell:
        return Reason("joins several values by another mark than a semicolon.", "Write them as: a;b.")
    return Reason(
        "holds a value that is not in the contract.", f"Write any of these, joined by ;: {', '.join(values)}."
    )


def _month(cell: str, column: Column, contract: Contract, this_month: date, *rest: object) -> Reason:
    write = f"Write year and month only, such as {column.example}, in a column formatted as text."
    if re.fullmatch(r"\d{5}(\.\d+)?", cell):
        return Reason("is a date as a spreadsheet counts it (days since 1900).", write)
    if written := re.fullmatch(r"(\d{4})-(\d{2})", cell):
        year, month = int(written[1]), int(written[2])
        if not 1 <= month <= 12:
            return Reason("is no month: months go from 01 to 12.", write)
        if (year, month) > (this_month.year, this_month.month):
            return Reason("is in the future.", "Contacts have happened: mend the month.")
        return Reason(f"is before {FIRST_MONTH.year}.", "Mend the month, or leave the row out.")
    if re.fullmatch(r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}([T ].*)?|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{8}", cell):
        return Reason("is a full date.", f"{write} Days never leave the partner.")
    return Reason("is not a year and month.", write)


def _whole(cell: str, column: Column, contract: Contract, *rest: object) -> Reason:
    low, high = (f"{limit:,.0f}" for limit in contract.limits(column.name))
    if re.fullmatch(r"\d{1,3}([, ']\d{3})+", cell):
        return Reason("has a mark between thousands.", _PLAIN_NUMBER)
    if re.fullmatch(r"\d+", cell):
        return Reason(f"is not between {low} and {high}, or begins with 0.", "Mend the number, or leave the row out.")
    if re.fullmatch(r"\d*[.,]\d*", cell):
        return Reason("is not a whole number.", _PLAIN_NUMBER)
    return Reason("is not a number.", f"Write a whole number from {low} to {high}.")


def _money(cell: str, column: Column, contract: Contract, *rest: object) -> Reason:
    if "£" in cell:
        return Reason("has a pound sign.", f"Write pounds like this: {column.example}.")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", cell):
        return Reason("has a mark between thousands.", f"Write pounds like this: {column.example}.")
    if re.fullmatch(r"\d+([.,]\d+)?", cell):
        return Reason(
            "is over the largest amount, or has another mark or more digits than pounds and pence.",
            f"Write pounds like this: {column.example}.",
        )
    return Reason("is not an amount.", f"Write pounds like this: {column.example}, or leave it empty.")


def _area(cell: str, column: Column, contract: Contract, this_month: date, has_postcodes: bool) -> Reason:
    words = f'Write a data zone code such as {column.example}, "{NO_FIXED_ABODE}" or "{WITHHELD}".'
    if re.fullmatch(r"S01\d{6}|DEMO\d{5}", cell):
        return Reason("is not a data zone of the release in use.", f"{words} Check that it is of the same vintage.")
    if POSTCODE in kinds_in(cell):
        if has_postcodes:
            return Reason("is a postcode that the release in use does not know.", words)
        return Reason("is a postcode, and the release in use has no list of postcodes.", words)
    if cell.lower() in (NO_FIXED_ABODE, WITHHELD, NOT_KNOWN):
        return Reason("is not one of the allowed words.", words)
    return Reason("is not an area.", words)


def _other(cell: str, *rest: object) -> Reason:
    return Reason("is not what the contract allows.", "See the template.")


_BY_KIND: dict[str, Callable[..., Reason]] = {
    "pattern": _pattern,
    "one of": _one_of,
    "some of": _some_of,
    "month": _month,
    "whole number": _whole,
    "money": _money,
    "area": _area,
}
