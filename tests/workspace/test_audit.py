"""The audit log: every write is in it, and every way to change the past shows; on both databases."""

from __future__ import annotations

import ast
import json
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, insert, text
from workspace_places import NOON, Place
from workspace_writers import SCENARIO, ranking, saved

import prioritisation
from prioritisation.cohorts.rule import CohortRule
from prioritisation.errors import UserError
from prioritisation.workspace import Workspace, audit, cohorts, decisions, drafts, records, scenarios, tables
from prioritisation.workspace.chain import Entry, digest
from prioritisation.workspace.faults import NOTHING_SAVED
from prioritisation.workspace.keys import KEY_FILE

CHAIR = records.Who("Chair", "Council")
LIFT = {
    "sqlite": [
        f"DROP TRIGGER {table}_is_not_{done}" for table in ("audit", "decision") for done in ("changed", "deleted")
    ],
    "postgresql": ["DROP TRIGGER audit_is_not_changed ON audit", "DROP TRIGGER decision_is_not_changed ON decision"],
}


def attack(place: Place, *statements: str, lifted: bool = True) -> None:
    """Act as somebody who may write the database, and lifts its triggers first."""
    address = place.url.replace("postgresql:", "postgresql+psycopg:") if place.url else f"sqlite:///{place.file}"
    engine = create_engine(address)
    with engine.begin() as connection:
        for statement in [*(LIFT[engine.dialect.name] if lifted else []), *statements]:
            connection.execute(text(statement))
    engine.dispose()


def drawn(place: Place) -> Workspace:
    """Seven rows: the log's first, and six scenarios."""
    workspace = place.open(now=lambda: NOON)
    for count in range(6):
        saved(workspace, by=f"Partner {count}")
    return workspace


def found(workspace: Workspace, anchor: str | None = None) -> list[str]:
    return [str(fault) for fault in audit.verify(workspace, anchor).faults]


def moved(first: int, second: int, column: str = "sequence") -> list[str]:
    """Exchange a unique column of two rows."""
    return [
        f"UPDATE audit SET {column} = 999 WHERE {column} = {first}",
        f"UPDATE audit SET {column} = {first} WHERE {column} = {second}",
        f"UPDATE audit SET {column} = {second} WHERE {column} = 999",
    ]


BROKEN = "was changed, exchanged or put in: it does not follow the one before."
COLUMNS = ", ".join(column.name for column in tables.audit.columns if column.name not in ("sequence", "change_number"))
COPIED = f"INSERT INTO audit (sequence, change_number, {COLUMNS}) SELECT"


def test_an_untouched_log_is_whole(place: Place) -> None:
    workspace = drawn(place)
    check = audit.verify(workspace, audit.head(workspace))
    assert (check.faults, check.rows, check.intact) == ((), 7, True)
    assert check.head == audit.head(workspace) == audit.entries(workspace, 1)[0].head
    rows = audit.entries(workspace)
    assert [row.sequence for row in rows] == [7, 6, 5, 4, 3, 2, 1]
    assert [row.who for row in rows] == [*(f"Partner {count}" for count in (5, 4, 3, 2, 1, 0)), "the application"]
    saved(workspace)
    assert found(workspace, check.head) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2020-01-01T00:00:00.000000Z'"),
        ("at", "'nonsense'"),
        ("who", "'Somebody else'"),
        ("action", "'scenario locked'"),
        ("about", "'222222222222'"),
        ("parameters", "'{}'"),
        ("content", "'00'"),
        ("key_id", "'0'"),
        ("digest", "'00'"),
        ("digest", "'é'"),
        ("change_number", "999"),
    ],
)
def test_an_edited_row_is_named(place: Place, column: str, value: str) -> None:
    workspace = drawn(place)
    attack(place, f"UPDATE audit SET {column} = {value} WHERE sequence = 4")
    assert any(fault.startswith("row 4: ") for fault in found(workspace))


def test_only_the_edited_row_is_named(place: Place) -> None:
    workspace = drawn(place)
    attack(place, "UPDATE audit SET who = 'Somebody else' WHERE sequence = 4")
    assert found(workspace) == [f"row 4: {BROKEN}"]


def test_a_deleted_row_is_named(place: Place) -> None:
    workspace = drawn(place)
    attack(place, "DELETE FROM audit WHERE sequence IN (3, 4)")
    assert found(workspace)[0] == "rows 3 to 4: missing from the log."


def test_a_deleted_row_shows_when_the_others_close_up(place: Place) -> None:
    workspace = drawn(place)
    attack(
        place,
        "DELETE FROM audit WHERE sequence = 4",
        *(f"UPDATE audit SET sequence = {n - 1}, change_number = {n - 1} WHERE sequence = {n}" for n in (5, 6, 7)),
    )
    assert f"row 4: {BROKEN}" in found(workspace)


@pytest.mark.parametrize("columns", [["sequence"], ["sequence", "change_number"]])
def test_exchanged_rows_are_named(place: Place, columns: list[str]) -> None:
    workspace = drawn(place)
    attack(place, *(statement for column in columns for statement in moved(4, 5, column)))
    assert [fault for fault in found(workspace) if BROKEN in fault] == [f"row {row}: {BROKEN}" for row in (4, 5, 6)]


def test_a_row_put_between_is_named(place: Place) -> None:
    workspace = drawn(place)
    later = [f"UPDATE audit SET sequence = {n + 1}, change_number = {n + 1} WHERE sequence = {n}" for n in (7, 6, 5)]
    attack(place, *later, f"{COPIED} 5, 5, {COLUMNS} FROM audit WHERE sequence = 4")
    assert f"row 5: {BROKEN}" in found(workspace)


def test_a_row_put_at_the_end_is_named_even_when_the_workspace_agrees(place: Place) -> None:
    workspace = drawn(place)
    attack(
        place,
        f"{COPIED} 8, 8, {COLUMNS} FROM audit WHERE sequence = 7",
        "UPDATE workspace SET audit_sequence = 8, change_number = 8",
    )
    assert found(workspace) == [f"row 8: {BROKEN}"]


def test_a_cut_end_shows_in_four_places(place: Place) -> None:
    workspace = drawn(place)
    anchor = audit.head(workspace)
    kept = audit.entries(workspace)[2]
    attack(place, "DELETE FROM audit WHERE sequence > 5")
    assert "end: the log ends at row 5, the workspace at row 7." in found(workspace)
    attack(place, f"UPDATE workspace SET audit_sequence = 5, audit_head = '{kept.digest}'", lifted=False)
    assert "end: 2 writes do not stand in the log." in found(workspace)
    attack(place, "UPDATE workspace SET change_number = 5", lifted=False)
    assert found(workspace) == ["end: something in the workspace was written after the last row of the log."]
    attack(place, "DELETE FROM scenario WHERE changed > 5", lifted=False)
    assert found(workspace) == []  # all traces gone: only what was kept elsewhere tells
    assert found(workspace, anchor) == ["anchor: the log ends at row 5, and the anchor is row 7: its end was cut off."]
    for _ in range(3):
        saved(workspace)
    assert found(workspace, anchor) == ["anchor: row 7 is not the row that the anchor was taken from."]
    assert found(workspace, kept.head) == []


@pytest.mark.parametrize("until", [1, 3, 7])
def test_a_log_without_its_beginning_is_seen(place: Place, until: int) -> None:
    workspace = drawn(place)
    attack(place, f"DELETE FROM audit WHERE sequence <= {until}")
    assert found(workspace) != []


def test_whoever_holds_the_key_as_well_is_betrayed_by_an_anchor_alone(place: Place) -> None:
    workspace = drawn(place)
    anchor = audit.head(workspace)
    ((_, key),) = workspace.audit_keys.read().items()
    rows = [asdict(row) for row in reversed(audit.entries(workspace))]
    rows[3]["who"] = "Somebody else"
    previous, statements = "", ["UPDATE audit SET who = 'Somebody else' WHERE sequence = 4"]
    for row in rows:
        previous = digest(key, previous, row)
        statements.append(f"UPDATE audit SET digest = '{previous}' WHERE sequence = {row['sequence']}")
    attack(place, *statements, f"UPDATE workspace SET audit_head = '{previous}'")
    assert found(workspace) == []
    assert found(workspace, anchor) == ["anchor: row 7 is not the row that the anchor was taken from."]


@pytest.mark.parametrize("anchor", ["", "7", "0-" + "a" * 64, "7-" + "A" * 64, "7-" + "a" * 63, "x"])
def test_what_is_no_anchor_is_refused(sqlite_place: Place, anchor: str) -> None:
    with pytest.raises(UserError, match="not the head of an audit log"):
        audit.verify(sqlite_place.open(), anchor)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET reason = 'Another reason'",
        "UPDATE decision SET snapshot = '{}'",
        "UPDATE decision SET at = 'nonsense'",
        "UPDATE decision SET organisation = 'NHS' WHERE position = 0",
        "DELETE FROM decision WHERE kind = 'note'",
        "UPDATE decision SET changed = changed + 100 WHERE kind = 'note'",
    ],
)
def test_a_changed_decision_shows_in_the_log(place: Place, statement: str) -> None:
    workspace = place.open()
    made = decisions.agree_scenario(workspace, CHAIR, ranking(), seen=None)
    decisions.note(workspace, CHAIR, made.id, text="Heard")
    assert found(workspace) == []
    attack(place, statement)
    assert any("decisions that it vouches for" in fault for fault in found(workspace))


def test_a_slipped_in_decision_shows(place: Place) -> None:
    workspace = place.open()
    decisions.agree_scenario(workspace, CHAIR, ranking(), seen=None)
    columns = ", ".join(c.name for c in tables.decision.columns if c.name not in ("id", "changed"))
    copy = f"INSERT INTO decision (id, changed, {columns}) SELECT '222222222222', 1, {columns} FROM decision"
    attack(place, copy)
    assert any("vouches for" in fault for fault in found(workspace))
    attack(place, "UPDATE decision SET changed = 0 WHERE id = '222222222222'", lifted=False)
    assert found(workspace) == ["A decision stands in the record that the log does not know."]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "UPDATE decision SET cut = 1", "DELETE FROM decision"],
)
def test_the_database_itself_refuses_slips(place: Place, statement: str) -> None:
    workspace = place.open()
    decisions.agree_scenario(workspace, CHAIR, ranking(), seen=None)
    with pytest.raises(Exception, match="only added to"):
        attack(place, statement, lifted=False)
    assert found(workspace) == []


def everything_that_writes() -> dict[str, Callable[[Workspace, scenarios.SavedScenario, records.Decision], Any]]:
    """Each writing function of the workspace, by the action that the log should name."""
    word, later = "Canary-word", date(2030, 1, 1)
    who, computed = records.Who(word, word), ranking(SCENARIO.with_weights([60, 40]))

    def drafted(w: Workspace) -> drafts.Draft:
        draft = drafts.begin(w, who, computed)
        return drafts.override(w, draft.id, 1, who, computed.areas, do="drop", code="A1", reason=word, review_on=later)

    def signed(w: Workspace, made: records.Decision) -> records.Decision:
        return decisions.sign_off(w, who, made.id, seen=decisions.shortlist(w, made.id).agreed.id, note=word)

    def cohort(w: Workspace) -> cohorts.SavedCohort:
        return cohorts.save(w, name="Several partners", why=word, rule=CohortRule(partners_at_least=3), by=word)

    return {
        "scenario saved": lambda w, s, d: saved(w, word),
        "scenario renamed": lambda w, s, d: scenarios.rename(w, s.id, 1, name=word, note=word, by=word),
        "scenario changed": lambda w, s, d: scenarios.choose(
            w, s.id, 1, scenario=SCENARIO.with_weights([50, 50]), release_id="r2", by=word
        ),
        "scenario locked": lambda w, s, d: scenarios.lock(w, s.id, 1, by=word),
        "scenario archived": lambda w, s, d: scenarios.archive(w, s.id, 1, by=word),
        "scenario duplicated": lambda w, s, d: scenarios.duplicate(w, s.id, name=word, by=word),
        "scenario run again": lambda w, s, d: scenarios.rerun(w, s.id, "r2", by=word),
        "draft begun": lambda w, s, d: drafts.begin(w, who, computed),
        "override proposed": lambda w, s, d: drafted(w),
        "draft discarded": lambda w, s, d: drafts.discard(w, drafted(w).id, 2, who),
        "override taken back": lambda w, s, d: drafts.take_back(
            w, drafted(w).id, 2, who, drafts.listed(w)[0].proposed[0][0].id
        ),
        "decision recorded": lambda w, s, d: decisions.note(w, who, d.id, text=word),
        "decision recorded (sign-off)": lambda w, s, d: signed(w, d),
        "decision recorded (withdrawal)": lambda w, s, d: decisions.withdraw(w, who, signed(w, d).id, reason=word),
        "decision recorded (end)": lambda w, s, d: decisions.supersede(w, who, d.id, reason=word),
        "decision recorded (scenario)": lambda w, s, d: decisions.agree_scenario(
            w, who, computed, seen=None, name=word, reason=word
        ),
        "decision recorded (shortlist)": lambda w, s, d: decisions.agree_shortlist(
            w, who, drafted(w).id, 2, computed, seen=d.id, reason=word, also={"patch": word}
        ),
        "cohort saved": lambda w, s, d: cohort(w),
        "cohort renamed": lambda w, s, d: cohorts.rename(w, cohort(w).id, 1, name=word, why="Heard", by=word),
        "cohort archived": lambda w, s, d: cohorts.archive(w, cohort(w).id, 1, by=word),
        "pack exported": lambda w, s, d: audit.record(w, "pack exported", by=word, about=d.id),
        "audit key changed": lambda w, s, d: audit.new_key(w, by=word),
    }


@pytest.mark.parametrize("action", list(everything_that_writes()))
def test_every_write_is_logged_without_the_words_that_people_typed(place: Place, action: str) -> None:
    workspace = place.open(now=lambda: NOON)
    scenario = saved(workspace)
    draft = drafts.begin(workspace, CHAIR, ranking())
    shortlist = decisions.agree_shortlist(workspace, CHAIR, draft.id, 1, ranking(), seen=None)
    before = audit.entries(workspace)
    everything_that_writes()[action](workspace, scenario, shortlist)
    made = audit.entries(workspace)[: -len(before)]
    assert made[0].action == action.split(" (")[0]
    assert found(workspace) == []
    assert not any("Canary" in row.parameters + row.about + row.action for row in made)


def test_a_write_that_fails_or_finds_nothing_to_do_is_in_nobody_s_log(workspace: Workspace) -> None:
    row = scenarios.lock(workspace, saved(workspace).id, 1, by="NHS")
    before = audit.head(workspace), workspace.change_number()
    scenarios.lock(workspace, row.id, 2, by="Council")
    for refused in (
        lambda: scenarios.rename(workspace, row.id, 1, name="Other", note="", by="NHS"),
        lambda: scenarios.rename(workspace, "nobody" * 30, 1, name="Other", note="", by="NHS"),
        lambda: decisions.note(workspace, CHAIR, "nobody", text="Heard"),
    ):
        with pytest.raises(UserError):
            refused()
    assert (audit.head(workspace), workspace.change_number()) == before
    with pytest.raises(ZeroDivisionError), workspace.write("trial", by="NHS"):
        raise ZeroDivisionError
    assert (audit.head(workspace), workspace.change_number()) == before


def test_nothing_is_kept_that_was_not_written_through_the_log(workspace: Workspace) -> None:
    row = saved(workspace)
    with workspace.read() as connection:
        copied = {field: getattr(row, field) for field in list(tables.scenario.c.keys())} | {"id": "222222222222"}
        connection.execute(insert(tables.scenario).values(**copied))
    assert scenarios.listed(workspace) == [row]


def test_only_the_workspace_itself_commits() -> None:
    package = Path(prioritisation.__file__).parent
    committing = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert {name for name in committing if not name.startswith("ingest/")} == {
        "workspace/database.py",
        "workspace/engines.py",  # a connection's settings
        "workspace/unbegun.py",  # an empty one, in memory
    }


@pytest.mark.parametrize(
    ("action", "about", "parameters"),
    [
        ("Saved!", "", {}),
        ("saved", "", {"Name": 1}),
        ("saved", "", {"name": "x" * 4_001}),
        ("saved", "", {"name": "ab" * 32}),
        ("saved", "", {"names": ["ok", "0123456789abcdefABCDEF0123456789" * 2]}),
        ("saved", "", {"name": {"deep": 1}}),
        ("saved", "", {"name": [["deep"]]}),
        ("saved", "ab" * 32, {}),
    ],
)
def test_what_has_no_place_in_the_log_is_a_mistake_of_ours(action: str, about: str, parameters: Any) -> None:
    with pytest.raises(ValueError, match=r"parameter|action"):
        Entry(action, "NHS", about, parameters)


def test_no_two_rows_are_signed_as_the_same_text() -> None:
    row = {column.name: "" for column in tables.audit.columns}
    shifted = [row | {"who": "ab", "action": "c"}, row | {"who": "a", "action": "bc"}, row | {"about": "abc"}]
    assert len({digest(b"key", previous, each) for each in shifted for previous in ("", "a")}) == 6


def test_a_key_is_made_for_the_owner_alone_and_that_is_said(place: Place) -> None:
    workspace = place.open()
    assert workspace.audit_keys.path == place.folder / "workspace.audit-key"
    assert stat.S_IMODE(workspace.audit_keys.path.stat().st_mode) == 0o600
    assert "made by this application and lies beside the workspace" in audit.verify(workspace).proof
    assert json.loads(audit.entries(workspace)[0].parameters)["key_file"] == "made beside the workspace"
    key = workspace.audit_keys.path.read_bytes()
    saved(place.open())
    assert workspace.audit_keys.path.read_bytes() == key
    assert found(workspace) == []
    workspace.audit_keys.path.chmod(0o644)
    assert "Other accounts" in audit.verify(workspace).proof


def test_a_named_key_is_used_and_none_is_made(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "keys" / "audit"
    monkeypatch.setenv(KEY_FILE, str(named))
    with pytest.raises(UserError, match="is not there"):
        place.open()
    named.parent.mkdir()
    for unusable in ("", "short", "ab" * 31, "xy" * 32, "ab" * 32 + "c"):
        named.write_text(unusable)
        with pytest.raises(UserError, match="something other than keys"):
            place.open()
    named.write_text("ab" * 32)
    workspace = place.open()
    saved(workspace)
    assert found(workspace) == []
    assert not list(place.folder.glob("*.audit-key"))
    assert "was named for it" in audit.verify(workspace).proof


def test_a_lost_key_stops_writing_and_not_reading(place: Place) -> None:
    row = saved(place.open())
    place.open().audit_keys.path.rename(place.folder / "elsewhere")
    workspace = place.open()
    assert scenarios.listed(workspace) == [row]
    with pytest.raises(UserError, match="is not in") as refused:
        saved(workspace)
    assert refused.value.not_done == NOTHING_SAVED
    assert scenarios.listed(workspace) == [row]
    assert "row 1: cannot be checked" in found(workspace)[0]
    (place.folder / "elsewhere").rename(workspace.audit_keys.path)
    saved(workspace)
    assert found(workspace) == []


def test_a_new_key_goes_on_where_the_old_one_ended(place: Place) -> None:
    workspace, other = place.open(), place.open()
    row = saved(other)
    anchor = audit.head(workspace)
    name = audit.new_key(workspace, by="Analyst, Council")
    assert audit.entries(workspace, 1)[0].key_id == name
    saved(other)  # a process that was open before finds the new key by itself
    assert audit.entries(workspace, 1)[0].key_id == name
    assert found(workspace, anchor) == []
    workspace.audit_keys.path.unlink()
    audit.new_key(workspace, by="Analyst, Council")
    assert saved(workspace).id != row.id
    assert found(workspace)[:2] == [
        f"row {row}: cannot be checked: its key ({audit.entries(workspace)[-row].key_id}) is not in the key file."
        for row in (1, 2)
    ]
    assert len(found(workspace)) == 4


def test_the_log_begins_where_an_older_workspace_is_brought_up_to_date(sqlite_place: Place) -> None:
    sqlite_place.folder.mkdir()
    step = resources.files("prioritisation").joinpath("sql", "workspace_001.sql").read_text(encoding="utf-8")
    with sqlite3.connect(sqlite_place.file) as older:
        older.executescript(step)
        older.execute("UPDATE workspace SET schema_version = 1, change_number = 7")
    older.close()
    workspace = sqlite_place.open()
    saved(workspace)
    assert [(row.sequence, row.change_number) for row in audit.entries(workspace)] == [(2, 9), (1, 8)]
    assert found(workspace) == []
