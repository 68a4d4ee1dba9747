"""The framework's practical steps: how far each is, from what is loaded, saved and decided, and what comes next.

Pure: facts in, steps out. The Start page gathers the facts and shows the steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from prioritisation.framework import Framework
from prioritisation.patch.recorded import recorded_patch
from prioritisation.store import Release

if TYPE_CHECKING:  # SQLAlchemy comes with these, which a first start without a workspace need not wait for
    from prioritisation.workspace.agreed import AgreedShortlist
    from prioritisation.workspace.records import Decision

DONE, UNDER_WAY, LOOK_AGAIN, TO_DO, WAITING = "done", "under way", "look again", "to do", "waiting"


@dataclass(frozen=True)
class Action:
    """Where a step is done or read. page: as the menu names it; query: what its address says beside the scenario."""

    label: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step. name: what is to be done; told: how it stands, as one or two sentences."""

    name: str
    state: str
    told: str
    action: Action


@dataclass(frozen=True)
class Facts:
    """What the states are read from.

    absent: indicators of the framework that are not loaded; counted: whether the release has counts of people;
    scenarios, drafts, cohorts: how many are saved or open; agreed, shortlist: what stands, None when nothing does.
    """

    place: str
    areas: int
    framework: Framework
    release: Release
    absent: tuple[str, ...]
    counted: bool
    today: date
    scenarios: int = 0
    drafts: int = 0
    cohorts: int = 0
    agreed: Decision | None = None
    shortlist: AgreedShortlist | None = None

    @property
    def also(self) -> Mapping[str, Any]:
        """What else was agreed with the shortlist that stands."""
        found = self.shortlist.decision.details.get("also") if self.shortlist else None
        return found if isinstance(found, dict) else {}


def practical_steps(facts: Facts) -> tuple[Step, ...]:
    """Return the eight steps in the framework's order."""
    made = (_question, _ready, _priorities, _weights, _shortlist, _patch, _cohorts, _signed)
    return tuple(step(facts) for step in made)


def next_step(steps: tuple[Step, ...]) -> Step | None:
    """Return the first step that somebody can do something about; None when all are done."""
    return next((step for step in steps if step.state not in (DONE, WAITING)), None)


def _question(facts: Facts) -> Step:
    people = facts.framework.patch_population
    team = f", and which {people[0]:,} to {people[1]:,} people would the first team serve" if people else ""
    told = f"Which {facts.framework.cut:,} of the {facts.areas:,} areas of {facts.place} come first{team}?"
    return Step("Ask the question", DONE, told, Action("How it is answered", "Method", {"tab": "rank"}))


def _ready(facts: Facts) -> Step:
    name, action = "Have the data ready", Action("See what is loaded", "Data")
    every = len(facts.framework.indicator_ids)
    if facts.absent:
        told = f"{len(facts.absent)} of the {every} indicators that the framework uses are not loaded."
        return Step(name, TO_DO, told, action)
    contacts = "Partners' contacts are counted." if facts.counted else "Partners' contacts are not loaded yet."
    if facts.release.demonstration:
        told = f"Only the demonstration is loaded: every place and number is invented. {contacts}"
        return Step(name, UNDER_WAY, told, action)
    told = f"All {every} indicators that the framework uses are loaded. {contacts}"
    return Step(name, DONE, told, action)


def _priorities(facts: Facts) -> Step:
    name, framework = "Agree the priorities", facts.framework
    action = Action("See the priorities", "Method", {"tab": "indicators"})
    count = len(framework.priorities)
    if framework.status == "placeholder":
        told = f"The {count} priorities of {framework.name} are placeholders until the partnership names its own."
        return Step(name, TO_DO, told, action)
    told = f"{count} priorities are agreed: {'; '.join(each.name for each in framework.priorities)}."
    return Step(name, DONE, told, action)


def _weights(facts: Facts) -> Step:
    name, agreed = "Agree the weights", facts.agreed
    if agreed is None and facts.shortlist is not None:
        agreed = facts.shortlist.decision
    if agreed is not None:
        told, action = f"Agreed on {_day(agreed)} by {agreed.who.text}.", _reading(agreed)
        if agreed.release_id != facts.release.id:
            return Step(name, LOOK_AGAIN, f"{told} The data are newer than that.", action)
        return Step(name, DONE, told, action)
    if facts.scenarios:
        told = f"{_count(facts.scenarios, 'scenario is', 'scenarios are')} saved; none is agreed yet."
        return Step(name, UNDER_WAY, told, Action("Compare scenarios", "Scenarios"))
    return Step(
        name,
        TO_DO,
        "Nobody has saved a set of weights yet. Vote on them (Votes), or move them together.",
        Action("Move the weights", "Weigh"),
    )


def _shortlist(facts: Facts) -> Step:
    name, action = "Agree the shortlist", Action("Open the shortlist", "Shortlist")
    found = facts.shortlist
    if found is None:
        if facts.drafts:
            told = f"{_count(facts.drafts, 'draft is', 'drafts are')} open; nothing is agreed yet."
            return Step(name, UNDER_WAY, told, action)
        return Step(name, TO_DO, "No shortlist is agreed yet.", action)
    areas = _count(len(found.agreed.rows), "area", "areas")
    changes = f" with {_count(len(found.overrides), 'change', 'changes')} by people" if found.overrides else ""
    told = f"{areas}{changes}, agreed on {_day(found.decision)} by {found.decision.who.text}."
    due = _reviews_due(found, facts.today)
    if due:
        return Step(name, LOOK_AGAIN, f"{told} {_count(due, 'change is', 'changes are')} due to be reviewed.", action)
    if found.decision.release_id != facts.release.id:
        return Step(name, LOOK_AGAIN, f"{told} The data are newer than that.", action)
    return Step(name, DONE, told, action)


def _patch(facts: Facts) -> Step:
    name, action = "Choose the patch", Action("Find a patch", "Patch")
    if facts.also.get("patch"):
        found = recorded_patch(facts.also["patch"])
        told = f"{found.words}, agreed with the shortlist." if found else "A patch was agreed with the shortlist."
        return Step(name, DONE, told, Action("See the patch", "Shortlist", {"tab": "neighbourhood"}))
    if facts.shortlist is not None:
        told = "No patch was agreed with the shortlist. Find one, then agree the list with it."
        return Step(name, TO_DO, told, action)
    told = "No patch for the first team is agreed yet. It is agreed with the shortlist."
    return Step(name, TO_DO, told, action)


def _cohorts(facts: Facts) -> Step:
    name, action = "Choose the cohorts", Action("Look at cohorts", "Cohorts")
    if facts.also.get("cohorts"):
        told = f"{_cohort_names(facts)}, agreed with the shortlist."
        return Step(name, DONE, told, Action("See them", "Shortlist", {"tab": "people"}))
    if not facts.counted:
        return Step(name, WAITING, "This waits for partners' contacts to be loaded.", action)
    if facts.cohorts:
        told = f"{_count(facts.cohorts, 'cohort is', 'cohorts are')} saved; none is agreed with a shortlist yet."
        return Step(name, UNDER_WAY, told, action)
    return Step(name, TO_DO, "Nobody has saved a cohort yet.", action)


def _signed(facts: Facts) -> Step:
    name, found = "Sign it off", facts.shortlist
    if found is None:
        told = "There is no agreed shortlist to sign off yet."
        return Step(name, WAITING, told, Action("Read the decisions", "Decisions"))
    action = Action("Open the shortlist", "Shortlist")
    if not found.sign_offs:
        return Step(name, TO_DO, "No partner has signed the shortlist off yet.", action)
    partners = "; ".join(
        f"{each.organisation} (with a note)" if each.record.reason else each.organisation for each in found.sign_offs
    )
    before = [each.organisation for each in found.sign_offs if not each.of_this_list]
    if before:
        told = f"Signed off by {partners}. The list changed after {'; '.join(before)} signed."
        return Step(name, LOOK_AGAIN, told, action)
    return Step(name, DONE, f"Signed off by {partners}.", action)


def _cohort_names(facts: Facts) -> str:
    """Return the names of the agreed cohorts, as recorded."""
    kept = [each for each in facts.also["cohorts"] if isinstance(each, dict) and each.get("name")]
    return "; ".join(str(each["name"]) for each in kept) or "Cohorts"


def _reviews_due(found: AgreedShortlist, today: date) -> int:
    return sum(date.fromisoformat(each.details["review_on"]) <= today for each in found.overrides)


def _reading(decision: Decision) -> Action:
    return Action("Read the decision", "Decisions", {"decision": decision.id})


def _day(decision: Decision) -> str:
    return f"{decision.at.day} {decision.at:%B %Y}"


def _count(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
