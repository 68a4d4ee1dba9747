"""Keys that partners made pseudonyms with: one for each partner, and best the same for all.

A person's code differs from one project key to the next. Within a partner two keys would count somebody twice; between
partners they keep people from ever matching.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.ingest.contacts.keying import PARTNER_REFERENCE
from prioritisation.ingest.contacts.plan import Plan
from prioritisation.ingest.faults import NOT_DONE
from prioritisation.words import listed


def refuse_second_keys(plan: Plan, contract: Contract) -> None:
    """UserError: after the import a partner would have extracts that were made with different keys."""
    faults = list(_second_keys(plan, contract))
    if faults:
        raise UserError(
            "After this import a partner would have extracts made with different project keys, and a person who is in "
            "both would count as two.",
            faults=faults,
            not_done=NOT_DONE,
            remedy="To change a partner's key, import in one go new files that replace every extract it has in the "
            "store: they cover the same services and months, or --replaces names the extracts that are to go. Else ask "
            "the partner for its files with the key that it used before; or import every partner's extracts again with "
            "--start-again.",
        )


def _second_keys(plan: Plan, contract: Contract) -> Iterator[Fault]:
    """Yield a fault for each partner with several keys; it names them, and what each has made."""
    made = _made(plan)
    for partner in contract.partners.values():
        keys = made.get(partner.id, {})
        if len(keys) < 2:
            continue
        told = "; ".join(f"key {key_id} made {_all(names)}" for key_id, names in sorted(keys.items()))
        arrived = {each.file.key_id for each in plan.new if each.file.partner == partner.id}
        old = [each for each in plan.staying if each.partner == partner.id and each.key_id not in arrived]
        away = " ".join(f"--replaces {each.extract_id}" for each in old)
        remedy = f"If what it has in the store under the old key is to go, add: {away}."
        yield Fault(f"{partner.name} ({partner.id})", f"{told}.", remedy if old and arrived else "")


def _made(plan: Plan) -> Mapping[str, Mapping[str, list[str]]]:
    """Return partner -> key id -> what it made: new files by name, extracts that would stay by number."""
    made: dict[str, dict[str, list[str]]] = {}
    for stays in plan.staying:
        names = made.setdefault(stays.partner, {}).setdefault(stays.key_id, [])
        names.append(f"extract {stays.extract_id} of the store")
    for new in plan.new:
        made.setdefault(new.file.partner, {}).setdefault(new.file.key_id, []).append(new.file.label)
    return made


def keys_apart(plan: Plan) -> list[str]:
    """Say of each kind of key that matches between partners where different keys keep their people apart."""
    users: dict[str, dict[str, dict[str, None]]] = {}
    for each in plan.after:
        for kind in set(each.key_kinds) - {PARTNER_REFERENCE}:
            users.setdefault(kind, {}).setdefault(each.key_id, {})[each.partner] = None
    return [
        f"People known by {kind} cannot match between partners whose project keys differ: "
        f"{'; '.join(f'{key_id} at {_all(list(partners))}' for key_id, partners in sorted(keys.items()))}. "
        "Somebody known to both counts as two people, and no overlap shows it. "
        "One project key for all partners mends it."
        for kind, keys in sorted(users.items())
        if len(keys) > 1
    ]


def _all(names: Sequence[str]) -> str:
    return listed(names, len(names))
