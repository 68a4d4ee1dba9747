"""The header of an extract against the contract's columns; headers themselves are never repeated in a message."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prioritisation.contract import Contract
from prioritisation.errors import Fault
from prioritisation.identifiers import BIRTH, POSTCODE, kinds_in
from prioritisation.ingest.contacts.read import RawTable
from prioritisation.ingest.contacts.reasons import identifier_reason
from prioritisation.pseudonymise.raw import ROLES

# Names that partners' own systems and older forms give to what the contract asks for in another way.
_MEANT = {
    "person_key": "key pseudonym pseudo_id hashed_id hash personkey",
    "key_kind": "key_type kind_of_key type_of_key",
    "area": "datazone data_zone data_zone_code datazone_code dz dz2011 dz2022 postcode post_code locality ward",
    "age_band": "age age_group ageband dob date_of_birth birth_date",
    "sex": "gender",
    "partner": "agency organisation organization source",
    "service": "service_name team service_type",
    "month": "date event_date contact_date month_of_event year_month period date_of_contact",
    "contacts": "count n number events number_of_events contact_count episodes",
    "flags": "flag needs need risk_flags markers",
    "cost": "costs cost_gbp amount price",
}
_PERSONAL = (
    "chi chi_number nhs_number nhs_no nino national_insurance_number upi uprn name names full_name first_name "
    "forename surname last_name address address_1 telephone phone mobile email e_mail"
)
_IDENTIFIERS = frozenset(ROLES["identifier"])
_OWN = "reference ref local_reference local_ref case_id case_number client_id swift_id person_id patient_id id"
_TELLING = frozenset({*_PERSONAL.split(), *_OWN.split(), *_IDENTIFIERS, *ROLES["birth"]})
_NAMES_OF_KEYS = frozenset({"person_key", *_MEANT["person_key"].split()})
_A_KEY = re.compile("[0-9a-fA-F]{64}")
_ALSO_IN_EXTRACTS = {BIRTH, POSTCODE}  # full dates and postcodes: keyed extracts may hold them by mistake, or rightly
_FREE = "notes note comment comments free_text description details"


class Unkeyed(Fault):
    """A table with identifiers and without keys: a partner's own export, which should never have left it."""


def unkeyed(table: RawTable, kinds: Mapping[int, frozenset[str]]) -> list[Fault]:
    """Say that a table was plainly never pseudonymised, if so. kinds: of identifiers in its cells, by place."""
    names = [_key(header) for header in table.headers]
    if _NAMES_OF_KEYS.intersection(names) or any(_A_KEY.fullmatch(header) for header in table.headers):
        return []
    holds = {place: "by its name an identifier" for place, name in enumerate(names) if name in _TELLING}
    holds |= {place: _said(found, names[place]) for place, found in kinds.items() if found}
    if not any(name in _TELLING for name in names) and not frozenset().union(*kinds.values()) - _ALSO_IN_EXTRACTS:
        return []
    where = "; ".join(f"column {table.letter(place)}: {holds[place]}" for place in sorted(holds))
    return [
        Unkeyed(
            table.place,
            f"it holds identifiers of people and no keys, so it is an export that was never pseudonymised ({where}).",
            "It was not imported: delete it here.",
        )
    ]


def _said(kinds: frozenset[str], name: str) -> str:
    """Return kinds of identifiers in words; a full date is one of birth where the column's name says so."""
    date = BIRTH if name in ROLES["birth"] else "full date"
    return " or ".join(date if kind == BIRTH else kind for kind in sorted(kinds))


def place_columns(table: RawTable, contract: Contract) -> tuple[dict[str, int], list[Fault]]:
    """Return where each column of the contract stands (name -> place), and what is wrong with the header."""
    names = {_key(name): name for name in contract.columns}
    names |= {_key(column.title): name for name, column in contract.columns.items()}
    placed: dict[str, int] = {}
    faults = []
    for place, header in enumerate(table.headers):
        where = f"{table.place}, column {table.letter(place)}"
        name = names.get(_key(header))
        if name is None:
            faults += _unknown(where, header)
        elif name in placed:
            first = table.letter(placed[name])
            faults.append(Fault(where, f"is {name} again; the first is column {first}.", "Keep one of them."))
        else:
            placed[name] = place
    faults += [
        Fault(table.place, f"the column {name} ({contract.columns[name].title}) is missing.", "Use the blank template.")
        for name in contract.required
        if name not in placed
    ]
    return placed, faults


def _key(header: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", header.lower()).strip("_")


def _unknown(where: str, header: str) -> list[Fault]:
    key = _key(header)
    if kinds := kinds_in(header):
        why = identifier_reason(kinds)
        return [Fault(where, f"its name {why.found}", why.remedy)]
    if not header:
        return [Fault(where, "has no name.", "Name it as the template does, or delete it.")]
    for name, meant in _MEANT.items():
        if key in meant.split():
            return [Fault(where, f"has a name that is not in the contract; {name} may be meant.", _instead(name))]
    if key in _PERSONAL.split():
        return [Fault(where, "is an unknown column, by its name personal details.", "Leave it out at the partner.")]
    if key in _IDENTIFIERS.union(_OWN.split()):
        remedy = "Leave it out: references of the partner's own are never imported; person_key takes their place."
        return [Fault(where, "is an unknown column, by its name a local reference.", remedy)]
    if key in _FREE.split():
        return [Fault(where, "is an unknown column, by its name free text.", "Leave it out at the partner.")]
    return [Fault(where, "is an unknown column; the contract does not have it.", "Leave it out at the partner.")]


def _instead(name: str) -> str:
    if name in ("area", "age_band", "month", "person_key"):
        return "Run `prioritisation pseudonymise` at the partner; it makes the columns of the contract."
    return f"Use the name {name}, with the contract's values."
