"""Releases: new names, the pointer last, one import at a time, killed or out of room at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest
from drawn_files import CODES, Published, boundaries, lookup, write
from filelock import FileLock

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.check import faults_of
from prioritisation.store import open_store

IMPORT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from drawn_files import CATALOGUE, DataFolder
    from prioritisation.ingest.open_data import import_open_data
    from prioritisation.errors import UserError
    print("ready", flush=True)
    try:
        import_open_data([Path(each) for each in sys.argv[3:]], council="all", folder=DataFolder(Path(sys.argv[2])),
                         catalogue=CATALOGUE)
    except UserError as refusal:
        print(refusal)
        sys.exit(1)
    """
)


def _importer(store: DataFolder, *paths: Path, limit: int | None = None) -> subprocess.Popen[str]:
    """Start an import in its own process; limit: how large a file it may write, in bytes."""
    script = IMPORT
    if limit is not None:
        script = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n" + IMPORT
    command = [sys.executable, "-c", script, str(Path(__file__).parent), str(store.root), *map(str, paths)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _boundary_names(store: DataFolder) -> set[str]:
    return {path.name for path in store.geo.iterdir()}


def test_releases_are_new_and_read_only(published: Published) -> None:
    paths = published.usual()
    first, second = published.load(*paths), published.load(*paths)
    assert [each.release_id[:6] for each in (first, second)] == ["r0001-", "r0002-"]
    assert first.release_id[6:] == second.release_id[6:]
    for each in (first, second):
        assert published.store.release_file(each.release_id).stat().st_mode & 0o777 == 0o444
    assert published.store.published().current == second.release_id
    assert published.store.hand_copy.read_bytes() == published.store.release_file(second.release_id).read_bytes()
    assert not published.store.hand_copy.is_symlink()
    assert not list(published.store.root.glob(".building-*"))


def test_three_releases_and_their_boundaries_stay(published: Published) -> None:
    made, shapes = [], published.folder / "zones.gpkg"
    for step in range(5):
        boundaries().assign(geometry=boundaries().translate(step, 0)).to_file(shapes)
        made.append(published.load(published.simd(), shapes, council="South Ayrshire").release_id)
    assert published.store.published().releases == tuple(made[2:])
    assert {path.stem for path in published.store.releases.iterdir()} == set(made[2:])
    assert len(_boundary_names(published.store)) == 3
    for each in made[2:]:
        with duckdb.connect(str(published.store.release_file(each)), read_only=True) as connection:
            named = connection.execute("SELECT value FROM fact WHERE name = 'boundaries'").fetchone()[0]
        assert named in _boundary_names(published.store)


def test_boundaries_of_others_are_never_removed(published: Published) -> None:
    published.store.geo.mkdir(parents=True)
    (published.store.geo / "demonstration.parquet").write_bytes(b"tracked")
    for _ in range(2):
        published.load(published.simd(), council="all")
    assert "demonstration.parquet" in _boundary_names(published.store)


def test_rollback_goes_to_what_was_in_use_before(published: Published) -> None:
    one, two = (published.load(published.simd(), council="all").release_id for _ in range(2))
    assert publish.rollback(published.store) == (two, one)
    assert published.store.published().current == one
    with pytest.raises(UserError, match="no earlier release"):
        publish.rollback(published.store)
    three = published.load(published.simd(), council="all")
    assert three.previous == one
    assert publish.rollback(published.store) == (three.release_id, one)


def test_rollback_makes_no_folder_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no earlier release") as told:
        publish.rollback(DataFolder(tmp_path / "mistyped"))
    assert "Nothing was written." in str(told.value)
    assert not (tmp_path / "mistyped").exists()


def test_the_release_in_use_stays_however_old(published: Published) -> None:
    made = [published.load(published.simd(), council="all").release_id for _ in range(3)]
    publish.rollback(published.store)
    publish.rollback(published.store)
    assert published.store.published().current == made[0]
    newest = published.load(published.simd(), council="all").release_id
    assert published.store.published().releases == (*made[1:], newest)
    assert newest.startswith("r0004-")


def test_releases_are_listed(published: Published) -> None:
    assert publish.list_releases(published.store) == []
    made = [published.load(*published.usual()).release_id for _ in range(2)]
    rows = publish.list_releases(published.store)
    assert [(row.id, row.current, row.council, row.areas) for row in rows] == [
        (made[1], True, "S12000028", 12),
        (made[0], False, "S12000028", 12),
    ]


def test_a_damaged_pointer_costs_no_release(published: Published) -> None:
    one = published.load(published.simd(), council="all").release_id
    published.store.pointer.write_text("{")
    two = published.load(published.simd(), council="all").release_id
    assert published.store.published().releases == (one, two)
    assert two.startswith("r0002-")


def test_one_import_at_a_time(published: Published) -> None:
    published.store.root.mkdir()
    with FileLock(published.store.lock), pytest.raises(UserError, match="Another import is running"):
        published.load(published.simd(), council="all")
    assert published.load(published.simd(), council="all").areas == 14


def test_two_imports_at_once(published: Published) -> None:
    paths = published.usual()
    both = [_importer(published.store, *paths) for _ in range(2)]
    ended = [(*each.communicate(timeout=120), each.returncode) for each in both]
    codes = sorted(code for _, _, code in ended)
    assert codes in ([0, 0], [0, 1]), ended
    if codes == [0, 1]:
        assert any("Another import is running" in text for text, _, _ in ended)
    with open_store(published.store) as store:
        assert len(store.areas()) == 14
    assert not any("Traceback" in fault for _, fault, _ in ended)


def test_a_copy_that_cannot_be_renewed_only_warns(published: Published) -> None:
    published.store.hand_copy.mkdir(parents=True)
    (published.store.hand_copy / "in the way").write_text("")
    summary = published.load(published.simd(), council="all")
    assert "indicators.duckdb could not be renewed" in summary.warnings[0]
    assert published.store.published().current == summary.release_id


@pytest.mark.skipif(os.name == "nt", reason="needs a limit on file sizes")
@pytest.mark.parametrize("limit", [0, 100, 3_000, 20_000, 300_000])
def test_no_room_on_the_disk(published: Published, limit: int) -> None:
    paths = published.usual()
    before = published.load(*paths).release_id
    files = sorted(published.store.root.rglob("*"))
    child = _importer(published.store, *paths, limit=limit)
    text, fault = child.communicate(timeout=120)
    assert child.returncode == 1, (text, fault)
    assert "could not be written" in text
    assert "Make room on the disk" in text
    assert "Traceback" not in text + fault
    assert published.store.published().current == before
    assert sorted(published.store.root.rglob("*")) == files
    with open_store(published.store) as store:
        assert len(store.areas()) == 12


def test_a_release_that_fails_its_check_is_not_published(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    write_release = publish.write_release
    monkeypatch.setattr(publish, "write_release", lambda *given: write_release(*given) | {"area": 99})
    with pytest.raises(UserError, match="area: 14 rows instead of 99"):
        published.load(published.simd(), council="all")
    assert not published.store.pointer.exists()
    assert not list(published.store.releases.glob("*")) if published.store.releases.exists() else True


def test_the_check_sees_another_layout(published: Published) -> None:
    path = published.store.release_file(published.load(published.simd(), council="all").release_id)
    assert faults_of(str(path), {"schema_version": 2, "rows": {"area": 14}}) == []
    assert faults_of(str(path), {"schema_version": 3, "rows": {}}) == ["layout 2 instead of 3"]


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_at_any_moment(published: Published, request: pytest.FixtureRequest) -> None:
    """Kill imports at random moments: the release in use is the old one or the new one, whole, and imports go on."""
    paths = [published.simd(), write(lookup(), published.folder / "lookup.csv"), published.folder / "zones.gpkg"]
    boundaries().to_file(paths[-1])
    published.load(*paths, council="all")
    start = time.monotonic()
    timed = _importer(published.store, *paths)
    timed.stdout.readline()
    begun = time.monotonic()
    timed.communicate(timeout=120)
    length = time.monotonic() - begun
    assert timed.returncode == 0, start
    moments = random.Random(2)
    outcomes = []
    for _ in range(50 if request.config.getoption("--full", default=False) else 6):
        old = published.store.published().current
        child = _importer(published.store, *paths)
        assert child.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0, 1.1 * length))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        outcomes.append(_in_use(published.store) != old)
    published.load(*paths, council="all")
    assert not list(published.store.root.glob(".building-*"))
    assert {path.stem for path in published.store.releases.iterdir()} == set(published.store.published().releases)
    assert False in outcomes


def _in_use(store: DataFolder) -> str:
    """Open the release in use and see that it is whole; return its id."""
    content = json.loads(store.pointer.read_text())
    assert content["current"] in content["published"]
    with open_store(store) as opened:
        assert len(opened.areas()) == 14
        assert opened.release.id == content["current"]
        assert opened.boundaries.is_file()
        assert list(opened.areas().query("has_boundary").index) == CODES
    return content["current"]
