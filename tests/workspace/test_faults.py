"""What can go wrong with the place itself: said in words, and nothing made worse."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgresql import Cluster
from sqlalchemy import Connection, event, inspect, select, update
from workspace_places import NOON, Place
from workspace_writers import saved

from prioritisation.errors import UserError
from prioritisation.workspace import Workspace, engines, scenarios, tables
from prioritisation.workspace.faults import NOT_KNOWN, NOTHING_SAVED
from prioritisation.workspace.schema import SCHEMA_VERSION


def test_the_tables_are_what_the_queries_think(workspace: Workspace) -> None:
    with workspace.read() as connection:
        found = inspect(connection)
        assert set(found.get_table_names()) == set(tables.metadata.tables)
        for name, table in tables.metadata.tables.items():
            columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
            assert columns == {column.name: column.nullable for column in table.columns}
            assert found.get_pk_constraint(name)["constrained_columns"] == [column.name for column in table.primary_key]
            points = {(key["constrained_columns"][0], key["referred_table"]) for key in found.get_foreign_keys(name)}
            assert points == {(key.parent.name, key.column.table.name) for key in table.foreign_keys}
        assert connection.execute(select(tables.workspace.c.schema_version)).scalar_one() == SCHEMA_VERSION


def test_a_workspace_of_a_newer_version_is_left_alone(place: Place) -> None:
    older = place.open()
    with older.write("trial", by="A test") as change:
        change.connection.execute(update(tables.workspace).values(schema_version=SCHEMA_VERSION + 1))
    with pytest.raises(UserError, match="newer version") as refused:
        place.open()
    assert refused.value.remedy.startswith("Install the newer version")
    with pytest.raises(UserError, match="newer version"):
        saved(older)


def test_a_failed_write_leaves_nothing_behind(workspace: Workspace) -> None:
    before = workspace.change_number()
    row = saved(workspace)
    with pytest.raises(ZeroDivisionError), workspace.write("trial", by="A test") as change:
        change.connection.execute(update(tables.scenario).values(name="half"))
        raise ZeroDivisionError
    assert scenarios.get(workspace, row.id) == row
    assert workspace.change_number() == before + 1


def test_an_answer_from_sqlite_means_on_the_disk(sqlite_place: Place) -> None:
    with sqlite_place.open().read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def _overwrite(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"this was never a database, " * 400),
        lambda file: _overwrite(file, 0, b"\0" * 100),
        lambda file: _overwrite(file, 4096, random.Random(1).randbytes(8192)),
        lambda file: os.truncate(file, file.stat().st_size // 2),
    ],
    ids=["other file", "no header", "random pages", "cut short"],
)
def test_a_damaged_file_is_named_and_not_touched(sqlite_place: Place, damage: Callable[[Path], None]) -> None:
    workspace = sqlite_place.open()
    for _ in range(30):
        saved(workspace)
    workspace.close()
    damage(sqlite_place.file)
    before = sqlite_place.file.read_bytes()
    with pytest.raises(UserError, match="is damaged, or is not a workspace") as refused:
        sqlite_place.open(patience_seconds=0)
    assert str(sqlite_place.file) in refused.value.found
    assert "backup" in refused.value.remedy
    assert sqlite_place.file.read_bytes() == before


def test_another_program_s_database_is_not_taken_over(sqlite_place: Place) -> None:
    sqlite_place.folder.mkdir()
    with sqlite3.connect(sqlite_place.file) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(UserError, match="holds other tables"):
        sqlite_place.open()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everything; so act as an account that may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("present", [True, False])
def test_a_read_only_disk_is_said_when_opening(present: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), None)
        if present:
            place.open().close()
            place.file.chmod(0o444)
        place.folder.chmod(0o555)
        with as_nobody(), pytest.raises(UserError, match="cannot be written"):
            place.open(patience_seconds=0)
        place.folder.chmod(0o755)


def test_a_file_taken_away_is_an_error_and_never_an_empty_workspace(sqlite_place: Place) -> None:
    workspace = sqlite_place.open(patience_seconds=0)
    saved(workspace)
    for file in sqlite_place.folder.iterdir():
        file.unlink()
    with pytest.raises(UserError, match="is not there"):
        saved(workspace)
    assert not sqlite_place.file.exists()


def test_a_restored_backup_is_noticed_at_once(sqlite_place: Place) -> None:
    workspace = sqlite_place.open()
    kept = saved(workspace)
    workspace.close()
    backup = sqlite_place.file.with_suffix(".backup")
    shutil.copy(sqlite_place.file, backup)
    lost = saved(workspace)
    for leftover in sqlite_place.folder.glob("workspace.sqlite-*"):
        leftover.unlink()
    backup.replace(sqlite_place.file)
    assert scenarios.listed(workspace) == [kept]
    later = saved(workspace)
    assert {row.id for row in scenarios.listed(sqlite_place.open())} == {kept.id, later.id}
    assert lost.id != later.id


def test_a_busy_file_is_waited_for_and_then_said(sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "SQLITE_BUSY_SECONDS", 0.02)
    workspace = sqlite_place.open(patience_seconds=0.1)
    holder = sqlite3.connect(sqlite_place.file, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="kept busy by others") as refused:
        saved(workspace)
    assert refused.value.not_done == NOTHING_SAVED
    assert scenarios.listed(workspace) == []  # reading does not wait for writers
    release = threading.Timer(0.4, lambda: holder.execute("ROLLBACK"))
    release.start()
    assert saved(sqlite_place.open(patience_seconds=10)).version == 1
    release.join()


def test_a_full_disk_loses_nothing_and_is_said(sqlite_place: Place) -> None:
    workspace = sqlite_place.open()
    kept = saved(workspace)
    with workspace.read() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(UserError, match="no room left"):
        for _ in range(200):
            kept = saved(workspace)
    assert scenarios.listed(workspace)[0] == kept


def test_a_restarted_server_is_no_more_than_a_pause(postgresql_place: Place, cluster: Cluster) -> None:
    workspace = postgresql_place.open()
    kept = saved(workspace)
    cluster.stop()
    threading.Timer(0.5, cluster.start).start()
    assert scenarios.listed(workspace) == [kept]
    assert saved(workspace).version == 1


def test_a_stopped_server_is_said_without_any_password(postgresql_place: Place, cluster: Cluster) -> None:
    workspace = postgresql_place.open(patience_seconds=0)
    cluster.stop()
    try:
        with pytest.raises(UserError, match="cannot be reached") as refused:
            saved(workspace)
        assert refused.value.not_done == NOTHING_SAVED
    finally:
        cluster.start()


def _cut_off(connection: Connection, other: Workspace) -> None:
    number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    with other.read() as second:
        second.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 5000)")


def test_a_connection_lost_before_storing_is_known_to_have_stored_nothing(postgresql_place: Place) -> None:
    workspace, other = postgresql_place.open(), postgresql_place.open()
    with (
        pytest.raises(UserError, match="cannot be reached") as refused,
        workspace.write("trial", by="A test") as change,
    ):
        _cut_off(change.connection, other)
    assert refused.value.not_done == NOTHING_SAVED
    assert saved(workspace).version == 1


def test_a_connection_lost_while_storing_leaves_open_whether_it_was(postgresql_place: Place) -> None:
    workspace, other = postgresql_place.open(), postgresql_place.open()
    event.listen(workspace._engine, "commit", lambda connection: _cut_off(connection, other), once=True)
    with pytest.raises(UserError, match="cannot be reached") as refused:
        saved(workspace)
    assert refused.value.not_done == NOT_KNOWN
    assert saved(workspace).version == 1


def test_a_database_that_is_not_there_is_said(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not let this application in, or does not exist"):
        Place(tmp_path, cluster.url("nowhere")).open(patience_seconds=0)


@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://a:hunter2@b/c", "sqlite://", "sqlite:///:memory:", "postgresql://a:b@c:hunter2/d", "://"],
)
def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UserError, match="PRIORITISATION_WORKSPACE") as refused:
        Place(tmp_path, url).open()
    assert "hunter2" not in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_the_environment_names_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    opened = Place(tmp_path / "folder", None).open()
    saved(opened)
    assert opened.place == str(tmp_path / "elsewhere.sqlite")
    assert not (tmp_path / "folder").exists()


def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    place = Place(tmp_path, "postgres://app:hunter2@127.0.0.1:1/decisions?password=hunter2")
    with pytest.raises(UserError, match="PRIORITISATION_WORKSPACE names cannot be reached") as refused:
        place.open(patience_seconds=0)
    assert "hunter2" not in str(refused.value)


def test_a_time_without_a_zone_is_a_mistake_of_ours(sqlite_place: Place) -> None:
    with pytest.raises(Exception, match="without its zone"):
        sqlite_place.open(now=lambda: NOON.replace(tzinfo=None))
