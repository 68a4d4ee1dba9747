"""Backup and restore: of both databases and into both, while others write, killed half-way, never silently over."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from workspace_places import Place
from workspace_writers import SCENARIO, ranking, saved

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace import Workspace, audit, decisions, drafts, rounds, scenarios
from prioritisation.workspace.backup import RESTORED, back_up, restore
from prioritisation.workspace.copies import rows_of
from prioritisation.workspace.records import Who

CHAIR = Who("Chair", "Council")
KINDS = ("sqlite", "postgresql")
FULL = "no room left|No space left|reported a fault"


@pytest.fixture(params=KINDS)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of each kind, on another computer, that has the log's key."""
    url = None if request.param == "sqlite" else request.getfixturevalue("cluster").new_database()
    (tmp_path / "other").mkdir()
    return Place(tmp_path / "other", url)


def work(workspace: Workspace) -> None:
    """Something in every corner: a copy older than its original's last change, a decision about a decision, a round."""
    first = saved(workspace)
    scenarios.duplicate(workspace, first.id, by="Council")
    scenarios.rename(workspace, first.id, first.version, name="Changed since", note="é <b>", by="Council")
    draft = drafts.begin(workspace, CHAIR, ranking())
    made = decisions.agree_shortlist(workspace, CHAIR, draft.id, draft.version, ranking(), seen=None)
    decisions.note(workspace, CHAIR, made.id, text="Heard")
    rounds.open_round(workspace, CHAIR, scenario=SCENARIO, release_id="r1", name="Spring", expected=3)


def all_rows(workspace: Workspace) -> dict[str, list[dict[str, object]]]:
    with workspace.read() as connection:
        return rows_of(connection)


def take_key(place: Place, to: Place) -> None:
    (to.folder / "workspace.audit-key").write_bytes((place.folder / "workspace.audit-key").read_bytes())


def test_what_is_restored_is_what_was_there_and_its_log_is_whole(place: Place, other: Place, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "backup.sqlite"
    with closing(place.open()) as workspace:
        work(workspace)
        there, check = all_rows(workspace), back_up(workspace, file)
        assert check.intact and check.head == audit.head(workspace)
    assert file.stat().st_mode & 0o077 == 0 and [path.name for path in file.parent.iterdir()] == ["backup.sqlite"]
    take_key(place, other)
    done = restore(file, DataFolder(other.folder), url=other.url)
    assert done.check.intact and done.check.rows == check.rows + 1 and done.kept is None
    with closing(other.open()) as restored:
        rows = all_rows(restored)
        assert audit.entries(restored, last=1)[0].action == RESTORED
        assert audit.verify(restored, anchor=check.head).intact
        for name in there.keys() - {"audit", "workspace"}:
            assert rows[name] == there[name], name
        assert rows["audit"][:-1] == there["audit"]
        saved(restored)


def test_nothing_is_replaced_silently_and_what_stood_is_kept(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    with closing(place.open()) as workspace:
        before = saved(workspace)
        back_up(workspace, file)
        old = file.read_bytes()
        after = saved(workspace)
        with pytest.raises(UserError, match="there already"):
            back_up(workspace, file)
        with pytest.raises(UserError, match="a workspace already"):
            restore(file, DataFolder(place.folder), url=place.url)
        assert file.read_bytes() == old
        done = restore(file, DataFolder(place.folder), url=place.url, replace=True)
        assert [row.id for row in scenarios.listed(workspace)] == [before.id]
        assert saved(workspace).version == 1
    assert done.kept is not None and done.check.intact
    with closing(sqlite3.connect(done.kept)) as kept:
        assert (after.id,) in kept.execute("SELECT id FROM scenario").fetchall()


def test_a_disk_without_links_takes_a_backup_and_none_is_replaced(
    sqlite_place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "stick" / "backup.sqlite"
    with closing(sqlite_place.open()) as workspace:
        assert back_up(workspace, file).intact
        old = file.read_bytes()
        monkeypatch.setattr(Path, "exists", lambda path: False)  # another made it meanwhile
        with pytest.raises(UserError, match="there already"):
            back_up(workspace, file)
    assert file.read_bytes() == old and [path.name for path in file.parent.iterdir()] == ["backup.sqlite"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes disks of so many kilobytes."""
    made: list[Path] = []

    def make(kilobytes: int) -> Path:
        made.append(tmp_path / f"disk-{kilobytes}")
        made[-1].mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(made[-1])]
        if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
            made.pop()
            pytest.skip("a disk can be mounted by root alone")
        return made[-1]

    yield make
    for disk in made:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_said_in_three_parts_and_nothing_is_left_on_it(
    sqlite_place: Place, tmp_path: Path, small_disk: Callable[[int], Path]
) -> None:
    with closing(sqlite_place.open()) as workspace:
        saved(workspace)
        back_up(workspace, tmp_path / "backup.sqlite")
        needed = (tmp_path / "backup.sqlite").stat().st_size // 1024
        for room in (4, needed // 2, needed, needed + 16):  # before the copy, in it, and while it is checked
            disk = small_disk(room)
            with pytest.raises(UserError, match=FULL) as refused:
                back_up(workspace, disk / "backup.sqlite")
            assert refused.value.not_done and refused.value.remedy
            assert list(disk.iterdir()) == []
            with pytest.raises(UserError, match=FULL):
                restore(tmp_path / "backup.sqlite", DataFolder(disk), new_key=True)
            assert not list(disk.glob(".workspace-copy-*"))
    assert back_up(sqlite_place.open(), small_disk(10 * needed) / "backup.sqlite").intact


def test_whoever_looks_sees_that_a_backup_was_restored_though_the_numbers_come_again(
    place: Place, tmp_path: Path
) -> None:
    with closing(place.open()) as workspace:
        saved(workspace)
        back_up(workspace, tmp_path / "backup.sqlite")
        saved(workspace)
        number, standing = workspace.change_number(), workspace.standing()
        restore(tmp_path / "backup.sqlite", DataFolder(place.folder), url=place.url, replace=True)
        assert workspace.change_number() == number and workspace.standing() != standing


def test_a_backup_is_one_moment_while_others_write(place: Place, tmp_path: Path) -> None:
    with closing(place.open()) as workspace:
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                saved(workspace)

        writers = [threading.Thread(target=write) for _ in range(3)]
        for writer in writers:
            writer.start()
        try:
            checks = [back_up(workspace, tmp_path / f"{turn}.sqlite") for turn in range(4)]
        finally:
            stop.set()
            for writer in writers:
                writer.join()
    assert all(check.intact for check in checks)
    counts = []
    for turn, check in enumerate(checks):
        with closing(sqlite3.connect(tmp_path / f"{turn}.sqlite")) as copy:
            (scenarios_kept,) = copy.execute("SELECT count(*) FROM scenario").fetchone()
        assert scenarios_kept == check.rows - 1
        counts.append(check.rows)
    assert counts == sorted(counts) and counts[0] < counts[-1]


@pytest.mark.parametrize(
    "broken",
    [
        lambda file: file.unlink(),
        lambda file: file.write_text("no database"),
        lambda file: file.write_bytes(b""),
        lambda file: os.truncate(file, file.stat().st_size // 2),
        lambda file: alter(file, "UPDATE audit SET who = 'Mallory' WHERE sequence = 2"),
        lambda file: alter(file, "UPDATE workspace SET schema_version = 99"),
    ],
    ids=["absent", "text", "empty", "cut", "rewritten", "newer"],
)
def test_what_is_no_backup_restores_nothing(
    sqlite_place: Place, tmp_path: Path, broken: Callable[[Path], None]
) -> None:
    file = tmp_path / "backup.sqlite"
    with closing(sqlite_place.open()) as workspace:
        saved(workspace)
        back_up(workspace, file)
        broken(file)
        there = all_rows(workspace)
        with pytest.raises(UserError) as refused:
            restore(file, DataFolder(sqlite_place.folder), replace=True)
        assert refused.value.not_done and refused.value.remedy
        assert all_rows(workspace) == there


def alter(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
        connection.commit()


def test_without_the_key_nothing_is_restored_unless_that_is_meant(sqlite_place: Place, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "backup.sqlite", Place(tmp_path / "elsewhere", None)
    with closing(sqlite_place.open()) as workspace:
        saved(workspace)
        back_up(workspace, file)
    with pytest.raises(UserError, match="key"):
        restore(file, DataFolder(elsewhere.folder))
    done = restore(file, DataFolder(elsewhere.folder), new_key=True)
    assert not done.check.intact  # the earlier rows cannot be checked, and it says so
    with closing(elsewhere.open()) as workspace:
        saved(workspace)


def restore_again_and_again(folder: Path, url: str | None, files: list[Path]) -> None:
    while True:
        for file in files:
            restore(file, DataFolder(folder), url=url, replace=True)


def test_killed_half_way_leaves_one_of_the_two(place: Place, tmp_path: Path, full: bool) -> None:
    files = [tmp_path / "one.sqlite", tmp_path / "two.sqlite"]
    with closing(place.open()) as workspace:
        for number, file in enumerate(files, 1):
            while len(scenarios.listed(workspace)) < 40 * number:
                saved(workspace)
            back_up(workspace, file)
        before = 80
        for _ in range(40 if full else 3):
            child = multiprocessing.get_context("spawn").Process(
                target=restore_again_and_again, args=(place.folder, place.url, files)
            )
            child.start()
            time.sleep(1.5 + random.random())
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
            assert child.exitcode == -signal.SIGKILL
            assert audit.verify(workspace).intact
            assert len(scenarios.listed(workspace)) in (40, 80, before)
            saved(workspace)
            before = len(scenarios.listed(workspace))
