"""The matrix of roles: exactly what is written here, and no write of the workspace without a line in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from prioritisation.access import (
    ANALYST,
    AUDITOR,
    DECISION,
    FACILITATOR,
    LOCAL,
    MATRIX,
    PARTICIPANT,
    ROLES,
    VIEWER,
    Account,
    action_of_write,
    is_loopback,
    may,
    refusal,
)
from prioritisation.ui.navigation import NAMES
from prioritisation.workspace.records import KINDS

PACKAGE = Path(__file__).resolve().parents[2] / "prioritisation"
EVERYBODY = {VIEWER, FACILITATOR, ANALYST, AUDITOR}
# A second copy, on purpose: whoever changes a right changes it in two places, and says so.
WRITTEN = {
    **{f"see {page}": EVERYBODY for page in (*NAMES, "Community") if page != "Votes"},
    "see Votes": {FACILITATOR, ANALYST, AUDITOR},
    "see Vote": {PARTICIPANT},
    "save scenarios": {FACILITATOR, ANALYST},
    "open packs": {FACILITATOR, ANALYST},
    "export packs": {FACILITATOR, ANALYST, AUDITOR},
    "save cohorts": {ANALYST},
    "draft shortlists": {FACILITATOR, ANALYST},
    "decide": {FACILITATOR},
    "sign off": {FACILITATOR},
    "add notes": {FACILITATOR, ANALYST, AUDITOR},
    "run rounds": {FACILITATOR},
    "vote": {PARTICIPANT},
    "add knowledge": {VIEWER, FACILITATOR, ANALYST},
    "moderate knowledge": {ANALYST},
}
# The lines of the table in docs/deployment.md, and the actions that each tells of.
TOLD = {
    "read every page but Votes": {f"see {page}" for page in NAMES if page != "Votes"},
    "read Votes": {"see Votes"},
    "save and change scenarios, bring one in from a pack": {"save scenarios", "open packs"},
    "change a draft shortlist": {"draft shortlists"},
    "agree, override, end; sign off for the own organisation": {"decide", "sign off"},
    "run a round of votes": {"run rounds"},
    "add a note to a decision": {"add notes"},
    "make a pack": {"export packs"},
    "save and change cohorts": {"save cohorts"},
    "add what is known of a place": {"add knowledge"},
    "decide what of it is shown": {"moderate knowledge"},
}
# Of the command line alone: whoever may run it on the server needs no page's leave.
BY_COMMAND = {"audit key changed", "audit begun", "workspace restored", "referral list made"}
WRITES = {"write": 0, "record": 1, "_alter": 1, "_add": 1, "_again": 1}


def test_each_role_may_do_exactly_what_is_written() -> None:
    assert {action.name for action in MATRIX} == set(WRITTEN)
    for name, roles in WRITTEN.items():
        for role in ROLES:
            assert may({role}, name) == (role in roles or role == LOCAL), (role, name)


def test_the_deployment_guide_tells_every_role_what_it_may() -> None:
    lines = (PACKAGE.parent / "docs" / "deployment.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    heads = next(line[1:] for line in cells if VIEWER in line)
    table = {line[0]: line[1:] for line in cells if line[0] and set(line[0]) != {"-"}}
    assert set(table) == set(TOLD)
    assert set().union(*TOLD.values()) == set(WRITTEN) - {"vote", "see Vote"}  # of participants, who have no role here
    for told, actions in TOLD.items():
        for role, said in zip(heads, table[told], strict=True):
            assert {may({role}, action) for action in actions} == {said == "yes"}, (told, role)


@pytest.mark.parametrize("role", ROLES)
def test_what_stands_in_no_line_nobody_may(role: str) -> None:
    assert not may({role}, "") and not may({role}, "delete everything")
    assert not may(set(), "see Start") and not may({"owner"}, "see Start")


def test_a_refusal_says_who_may() -> None:
    told = str(refusal(Account(frozenset({VIEWER})), "decide"))
    assert "viewer" in told and "facilitator" in told and "Not done" in told


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"])
def test_this_computer_is_itself(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "", "localhost.example.org", "127.0.0.1.nip.io"])
def test_other_addresses_are_not_this_computer(host: str) -> None:
    assert not is_loopback(host)


def test_every_write_belongs_to_one_action() -> None:
    found = set(_writes())
    listed = [write for action in MATRIX for write in action.writes]
    assert len(listed) == len(set(listed))
    assert {f"{DECISION}: {kind}" for kind in KINDS} <= set(listed)
    plain = {write for write in listed if not write.startswith(DECISION)}
    assert plain <= found, "the matrix names writes that nothing makes"
    missing = found - plain - BY_COMMAND - {DECISION}
    assert not missing, f"give these writes a line in access.MATRIX: {sorted(missing)}"
    assert all(action_of_write(write) for write in plain)


def test_pages_get_their_workspace_guarded_and_no_other_way() -> None:
    """The guard is in `ui.workspace_session`: nothing else of the user interface may open a workspace."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (PACKAGE / "ui").glob("*.py")}
    openers = {name for name, text in sources.items() if "open_workspace" in text or "open_without_beginning" in text}
    assert openers == {"workspace_session.py"}
    assert "guard=access.may_write" in sources["workspace_session.py"]


def _writes() -> Iterator[str]:
    """Every action that a call in the package gives to the workspace's log."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if "workspace" not in path.read_text(encoding="utf-8"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in WRITES and len(node.args) > WRITES[called]:
                    yield from _texts(node.args[WRITES[called]], tree)


def _texts(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The texts that an argument may be: itself, or what its name is given anywhere in the module."""
    if isinstance(node, ast.Name):
        for other in ast.walk(tree):
            if isinstance(other, ast.Assign) and node.id in {getattr(each, "id", "") for each in other.targets}:
                yield from _texts(other.value, tree)
            elif isinstance(other, ast.Assign) and isinstance(other.targets[0], ast.Tuple):
                names = [getattr(each, "id", "") for each in other.targets[0].elts]
                if node.id in names and isinstance(other.value, ast.Tuple):
                    yield from _texts(other.value.elts[names.index(node.id)], tree)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, tree)
        yield from _texts(node.orelse, tree)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
