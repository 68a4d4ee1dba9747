"""The house keeps its floors: a module imports only from lower floors, and the package never asserts."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FLOORS = {
    "errors": 0,
    "words": 0,
    "confined": 0,
    "ports": 0,
    "identifiers": 0,
    "pseudonymise": 0,
    "folder": 1,
    "framework": 1,
    "framework_record": 1,
    "catalogue": 1,
    "place_standard": 1,
    "weights": 1,
    "scenario": 1,
    "periods": 1,
    "access": 1,
    "roles_file": 1,
    "contract": 1,
    "contract_files": 1,
    "store": 2,
    "scoring": 2,
    "suppressed": 2,
    "classes": 2,
    "rates": 2,
    "trends": 2,
    "similarity": 2,
    "robustness": 2,
    "flips": 2,
    "sureness": 2,
    "changes": 2,
    "fairness": 2,
    "disclosure": 2,
    "exposure": 2,
    "cohorts": 2,
    "hexes": 2,
    "patch": 2,
    "drawing": 2,
    "documents": 2,
    "voting": 2,
    "votes_address": 2,
    "workspace": 2,
    "prioritise": 3,
    "profiles": 3,
    "over_time": 3,
    "similar_areas": 3,
    "shortlist": 3,
    "reach": 3,
    "sheets": 3,
    "findings": 3,
    "steps": 3,
    "decision_sentences": 3,
    "round_sentences": 3,
    "pack": 3,
    "comparison": 3,
    "answer": 3,
    "cohort_ranking": 3,
    "patches": 3,
    "patch_files": 3,
    "ingest": 3,
    "attack": 4,
    "referrals": 4,
    "cli": 4,
    "__main__": 5,
    "ui": 4,
    "app": 5,
    "pages": 5,
    "": 0,
}
SAME_FLOOR = {
    ("catalogue", "framework"),
    ("catalogue", "place_standard"),
    ("roles_file", "access"),
    ("roles_file", "folder"),
    ("weights", "framework"),
    ("scenario", "catalogue"),
    ("scenario", "framework"),
    ("scenario", "weights"),
    ("profiles", "prioritise"),
    ("drawing", "hexes"),
    ("pack", "reach"),
    ("sheets", "prioritise"),
    ("sheets", "answer"),
    ("sheets", "profiles"),
    ("sheets", "similar_areas"),
    ("sheets", "over_time"),
    ("pack", "prioritise"),
    ("pack", "shortlist"),
    ("pack", "answer"),
    ("pack", "findings"),
    ("pack", "cohort_ranking"),
    ("shortlist", "prioritise"),
    ("decision_sentences", "round_sentences"),
    ("pack", "round_sentences"),
    ("robustness", "scoring"),
    ("trends", "scoring"),
    ("similarity", "scoring"),
    ("patch", "hexes"),
    ("patch", "scoring"),
    ("patch", "robustness"),
    ("patches", "prioritise"),
    ("patch_files", "prioritise"),
    ("patch_files", "pack"),
    ("patches", "cohort_ranking"),
    ("patches", "reach"),
    ("flips", "scoring"),
    ("sureness", "scoring"),
    ("sureness", "rates"),
    ("findings", "prioritise"),
    ("framework_record", "framework"),
    ("scenario", "framework_record"),
    ("changes", "scoring"),
    ("pseudonymise", "identifiers"),
    ("contract", "catalogue"),
    ("contract_files", "contract"),
    ("exposure", "disclosure"),
    ("cohorts", "disclosure"),
    ("voting", "scoring"),
    ("workspace", "cohorts"),
    ("workspace", "voting"),
    ("cli", "attack"),
    ("cli", "referrals"),
}


def rooms() -> list[tuple[str, Path]]:
    """Every module with its room: the module's name, or its folder's inside the package."""
    package = REPOSITORY / "prioritisation"
    inside = [(path.relative_to(package).parts, path) for path in sorted(package.rglob("*.py"))]
    named = [(parts[0].removesuffix(".py").replace("__init__", ""), path) for parts, path in inside]
    pages = [("pages", path) for path in sorted((REPOSITORY / "pages").glob("*.py"))]
    return [*named, *pages, ("app", REPOSITORY / "app.py")]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_rooms(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            assert node.level == 0, "relative imports hide the floor"
    ours = [name.split(".") for name in names if name.split(".")[0] == "prioritisation"]
    return {parts[1] if len(parts) > 1 and parts[1] in FLOORS else "" for parts in ours}


def breaches(room: str, path: Path) -> list[str]:
    """What a module imports from a floor that is not below its own, in words."""
    if room not in FLOORS:
        return [f"{path.name} has no floor: give it one, on purpose"]
    return [
        f"{path.name} (floor {FLOORS[room]}) imports {other} (floor {FLOORS[other]})"
        for other in sorted(imported_rooms(tree_of(path)))
        if not (other == room or FLOORS[other] < FLOORS[room] or (room, other) in SAME_FLOOR)
    ]


def test_imports_come_from_lower_floors() -> None:
    assert [breach for room, path in rooms() for breach in breaches(room, path)] == []


def test_a_breach_would_be_seen() -> None:
    breach = ast.parse("import os\ndef later():\n    from prioritisation.ui.session import open_session\n")
    assert imported_rooms(breach) == {"ui"}
    assert FLOORS["ui"] > FLOORS["store"]


def test_checks_raise_and_never_assert() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for _, path in rooms()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_every_floor_has_its_room() -> None:
    present = {room for room, _ in rooms()}
    assert set(FLOORS) <= present | {"app", ""}
