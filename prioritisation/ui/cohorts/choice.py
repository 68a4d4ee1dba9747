"""Which cohort the page is about: one of the library, one that was saved, or one's own; all of it in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.library import Cohort, load_cohorts
from prioritisation.cohorts.rule import CohortRule, read_rule
from prioritisation.contract import Contract
from prioritisation.errors import Fault, UserError
from prioritisation.ui.cohorts.cube import People, can_answer
from prioritisation.ui.session import put_in_link, put_in_widget
from prioritisation.ui.workspace_session import current_workspace
from prioritisation.workspace.cohorts import listed as saved_cohorts

COHORT, RULE = "cohort", "rule"
OWN, FIRST = "own", "partners-3"
_LONGEST_RULE = 2_000
_BOX = "choose-cohort"


@dataclass(frozen=True)
class Chosen:
    """A cohort on screen. counted: this release counted it under its own id; told: it has a number in this release,
    its own or one put together from other published counts."""

    id: str
    name: str
    why: str
    rule: CohortRule
    counted: bool
    told: bool = True


@dataclass(frozen=True)
class Offer:
    """What can be chosen, by id, and what of it could not be read."""

    cohorts: dict[str, Chosen]
    faults: tuple[Fault, ...] = ()


def offer(people: People) -> Offer:
    """Return the library, then what was saved, the oldest first, then what else the release counted."""
    cube = people.cube
    library = load_cohorts(people.view.store.folder.catalogue, cube.contract)
    found = {each.id: _offered(people, each) for each in library.values()}
    faults = []
    try:
        for row in saved_cohorts(current_workspace()):
            try:
                each = row.cohort(cube.contract)
            except UserError:
                faults.append(Fault(row.name, "asks for something that the contract no longer knows.", ""))
                continue
            found[each.id] = _offered(people, each)
    except UserError as refused:
        faults.append(Fault("saved cohorts", refused.found, refused.remedy))
    others = {each.id: Chosen(each.id, each.name, "", each.rule, True) for each in cube.cohorts.values()}
    return Offer({**found, **{key: each for key, each in others.items() if key not in found}}, tuple(faults))


def _offered(people: People, each: Cohort) -> Chosen:
    counted = each.id in people.cube.cohorts
    told = counted or can_answer(people, (each.rule,), COUNCIL)[0]
    return Chosen(each.id, each.name, each.why, each.rule, counted, told)


def chosen(people: People, offered: Offer) -> tuple[Chosen, list[Fault]]:
    """Return the cohort of the address, and what of the address could not be used."""
    wanted = st.query_params.get(COHORT)
    if wanted == OWN:
        rule, faults = rule_of(st.query_params.get(RULE, ""), people.cube.contract)
        return Chosen(OWN, "Your own", "", rule, counted=False), faults
    usual = offered.cohorts.get(FIRST) or next(iter(offered.cohorts.values()), None)
    if wanted is None or wanted in offered.cohorts:
        found = offered.cohorts.get(wanted or "", usual)
        return found or Chosen(OWN, "Your own", "", CohortRule(), counted=False), []
    fault = Fault("cohort", "there is none under this name.", "Choose one from the list.")
    return usual or Chosen(OWN, "Your own", "", CohortRule(), counted=False), [fault]


def choose(offered: Offer, now: Chosen) -> None:
    """Show the list of cohorts."""
    labels = _labels(offered)
    put_in_widget(_BOX, now.id, labels[now.id])
    st.selectbox(
        "Cohort", list(labels), key=_BOX, format_func=lambda each: labels[each], on_change=_picked, args=(now,)
    )


def choose_one(label: str, name: str, offered: Sequence[str], now: str, spelled: Callable[[str], str] = str) -> None:
    """Show a choice of one of a few, which the address holds under this name."""
    key = f"cohort-{name}"
    put_in_widget(key, now)
    st.segmented_control(
        label,
        offered,
        key=key,
        format_func=spelled,
        required=True,
        on_change=lambda: put_in_link({name: st.session_state[key]}),
    )


def put_rule(rule: CohortRule) -> None:
    """Make a rule the one on screen."""
    put_in_link({COHORT: OWN, RULE: rule_text(rule) or None})


def rule_text(rule: CohortRule) -> str:
    """Return a rule for an address: age:75-84,85+;services_all:home_care."""
    spelled = {
        name: ",".join(map(str, given)) if isinstance(given, list) else str(given)
        for name, given in rule.to_record().items()
    }
    return ";".join(f"{name}:{values}" for name, values in spelled.items())


def rule_of(text: str, contract: Contract) -> tuple[CohortRule, list[Fault]]:
    """Return the rule that `rule_text` wrote; where it cannot be read, everyone known and why."""
    parts = [part.partition(":") for part in text[:_LONGEST_RULE].split(";") if part]
    record = {name: _given(name, values) for name, _, values in parts}
    rule, faults = read_rule(record, contract)
    return (CohortRule(), faults) if faults else (rule, [])


def _given(name: str, values: str) -> object:
    if name.endswith("_at_least"):
        return int(values) if values.isascii() and values.isdigit() and len(values) < 4 else values
    return values.split(",")


def _labels(offered: Offer) -> dict[str, str]:
    """Return id -> label, no two alike: the browser answers with the label."""
    labels = {
        each.id: each.name if each.told else f"{each.name} (not counted yet)" for each in offered.cohorts.values()
    }
    alike = Counter(labels.values())
    labels = {key: label if alike[label] == 1 else f"{label} · {key}" for key, label in labels.items()}
    return labels | {OWN: "Build your own"}


def _picked(before: Chosen) -> None:
    """Go to the chosen one; building one's own begins with the conditions on screen."""
    wanted = st.session_state[_BOX]
    if wanted == OWN:
        put_rule(before.rule)
    else:
        put_in_link({COHORT: wanted, RULE: None})
