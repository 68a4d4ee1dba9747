"""Who may do what: the whole matrix, in this one file. What is not written here, nobody may do.

Roles come from sign-in (`roles_file`). Without sign-in the application serves this computer only, and whoever sits at
it is `LOCAL`, who may do everything. A round's token makes a `PARTICIPANT`, on the Vote page alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from prioritisation.errors import UserError

VIEWER, FACILITATOR, ANALYST, AUDITOR = "viewer", "facilitator", "analyst", "auditor"
PARTICIPANT, LOCAL = "participant", "local"
SIGNED_IN = (VIEWER, FACILITATOR, ANALYST, AUDITOR)
ROLES = (*SIGNED_IN, PARTICIPANT, LOCAL)
DECISION = "decision recorded"  # one kind of write for several things; which, is its parameter `kind`


@dataclass(frozen=True)
class Action:
    """One line of the matrix.

    what: ends the sentence "You may not ..."; roles: that may, beside LOCAL; writes: what it may put into the
    workspace, by the names of the audit log (for decisions "decision recorded: KIND").
    """

    name: str
    what: str
    roles: tuple[str, ...]
    writes: tuple[str, ...] = ()


def page_action(page: str) -> str:
    """Return the name of the action of opening a page."""
    return f"see {page}"


def _pages(roles: tuple[str, ...], *names: str) -> tuple[Action, ...]:
    return tuple(Action(page_action(name), f"open the page {name}", roles) for name in names)


MATRIX: tuple[Action, ...] = (
    *_pages(SIGNED_IN, "Start", "Explore", "Weigh", "Robustness", "Patch", "Cohorts", "Shortlist", "Community"),
    *_pages(SIGNED_IN, "Decisions", "Scenarios", "Data", "Method"),
    *_pages((FACILITATOR, ANALYST, AUDITOR), "Votes"),
    *_pages((PARTICIPANT,), "Vote"),
    Action(
        "save scenarios",
        "save or change scenarios",
        (FACILITATOR, ANALYST),
        (
            "scenario saved",
            "scenario renamed",
            "scenario changed",
            "scenario locked",
            "scenario unlocked",
            "scenario archived",
            "scenario brought back",
            "scenario duplicated",
            "scenario run again",
        ),
    ),
    Action("open packs", "bring in the scenario of a pack", (FACILITATOR, ANALYST), ("scenario brought in",)),
    Action("export packs", "make a pack", (FACILITATOR, ANALYST, AUDITOR), ("pack exported",)),
    Action(
        "save cohorts",
        "save or change cohorts",
        (ANALYST,),
        ("cohort saved", "cohort renamed", "cohort archived", "cohort brought back"),
    ),
    Action(
        "draft shortlists",
        "change a shortlist that is not agreed yet",
        (FACILITATOR, ANALYST),
        ("draft begun", "override proposed", "override taken back", "draft discarded"),
    ),
    Action(
        "decide",
        "agree, change or end what is agreed",
        (FACILITATOR,),
        (
            f"{DECISION}: scenario agreed",
            f"{DECISION}: shortlist agreed",
            f"{DECISION}: override",
            f"{DECISION}: superseded",
        ),
    ),
    Action(
        "sign off",
        "sign off a list for an organisation",
        (FACILITATOR,),
        (f"{DECISION}: signed off", f"{DECISION}: sign-off withdrawn"),
    ),
    Action("add notes", "add a note to a decision", (FACILITATOR, ANALYST, AUDITOR), (f"{DECISION}: note",)),
    Action(
        "run rounds",
        "open, reveal, apply or close a round of votes",
        (FACILITATOR,),
        (
            "round opened",
            "round expects",
            "round revealed",
            f"{DECISION}: round applied",
            "round closed",
            "paper vote keyed",
            "paper vote taken out",
        ),
    ),
    Action("add knowledge", "add what you know of a place", (VIEWER, FACILITATOR, ANALYST), ("knowledge added",)),
    Action(
        "moderate knowledge",
        "decide what community knowledge is shown",
        (ANALYST,),
        ("knowledge looked at", "knowledge erased"),
    ),
    Action("vote", "vote", (PARTICIPANT,), ("round joined", "vote stored")),
)
_BY_NAME = {action.name: action for action in MATRIX}
_OF_WRITE = {write: action.name for action in MATRIX for write in action.writes}


@dataclass(frozen=True)
class Account:
    """Who is at a page. title: of the role as records name it; verified: whether sign-in has shown role and
    organisation, which are then not for people to type."""

    roles: frozenset[str]
    title: str = ""
    organisation: str = ""
    verified: bool = False

    @property
    def text(self) -> str:
        """Role and organisation as the audit log names who wrote; empty where people declare it themselves."""
        return f"{self.title}, {self.organisation}" if self.verified else ""


AT_THIS_COMPUTER = Account(frozenset({LOCAL}))
VOTING = Account(frozenset({PARTICIPANT}))


def may(roles: Collection[str], action: str) -> bool:
    """Return whether any of these roles may do an action. What stands in no line of the matrix, nobody may."""
    found = _BY_NAME.get(action)
    return found is not None and (LOCAL in roles or not set(found.roles).isdisjoint(roles))


def action_of_write(write: str, kind: object = None) -> str:
    """Return which action a write of the workspace belongs to, empty where none. kind: of decision, for decisions."""
    return _OF_WRITE.get(f"{write}: {kind}" if write == DECISION else write, "")


def refusal(account: Account, action: str) -> UserError:
    """Return the refusal of an action, which says who may."""
    if not account.roles:
        return no_role()
    found = _BY_NAME.get(action)
    what = found.what if found else "do this"
    held = _listed(sorted(account.roles), "and")
    needed = _listed(found.roles if found else (), "or")
    ask = f"Ask somebody who is {needed} to do it, or whoever looks after the roles for that role."
    return UserError(
        f"You may not {what}: your role here is {held}.",
        not_done="Nothing was shown or changed.",
        remedy=ask if needed else "Nobody may do this here.",
    )


def no_role() -> UserError:
    """Return the refusal to somebody who signed in and has no role."""
    return UserError(
        "You are signed in, and have no role here.",
        not_done="Nothing was shown or changed.",
        remedy="Ask whoever looks after the roles to give you one; it counts from the next click on.",
    )


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer itself, which nobody else reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _listed(names: Iterable[str], word: str) -> str:
    *first, last = [*names] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last
