"""Killed at any moment: people and counts are exactly those before or those after, and no raw cell was ever on disk."""

from __future__ import annotations

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
from drawn_partner_files import first_key, rows, write_csv
from people_places import KEY, Places
from served import served

from prioritisation.ingest.contacts.restricted import people_of_releases
from prioritisation.store import open_store

IMPORT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]).parent), str(Path(sys.argv[1]).parents[1])]
    from drawn_partner_files import CONTRACT, TODAY, UNTIL
    from people_places import KEY
    from prioritisation.folder import DataFolder
    from prioritisation.ingest.contacts.importing import import_contacts
    from prioritisation.ingest.contacts.offered import Request
    from prioritisation.ingest.contacts.releasing import Releasing
    from prioritisation.ingest.contacts.restricted import RestrictedFolder
    data = DataFolder(Path(sys.argv[2]))
    print("ready", flush=True)
    import_contacts(Request([Path(each) for each in sys.argv[4:]], UNTIL, TODAY), data=data,
                    restricted=RestrictedFolder.chosen(data, sys.argv[3]), contract=CONTRACT, key=KEY,
                    publisher=Releasing(data, TODAY, repair=lambda cube, **settings: cube, audit=lambda counts: {}))
    """
)


def _importer(places: Places, path: Path) -> subprocess.Popen[str]:
    """Start an import in its own process, whose working and temporary folders are watched too."""
    scratch = places.files.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    place = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", IMPORT, place, str(places.data.root), str(places.restricted.root), str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=scratch,
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )


def _extract(places: Places, step: int) -> Path:
    """An extract of the same months with other people each time."""
    return write_csv(places.files / f"extract {step}.csv", rows(300, first=1000 * step))


def _state(places: Places) -> tuple[str, int]:
    """See that the release in use is whole, with its people; return its id and the first person's step."""
    with open_store(places.data) as store:
        current = store.release.id
        assert len(store.areas()) == 12
        assert store.release.restricted == f"people-{current}.duckdb"
        assert store.cube_facts()["known_people"] == "300"
        assert len(store.cube()) > 100
    assert people_of_releases(places.data)[current] == current
    with duckdb.connect(str(places.restricted.people_file(current)), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchall() == [(300,)]
        assert connection.execute("SELECT count(*) FROM resident").fetchall() == [(300,)]
        assert connection.execute("SELECT DISTINCT release_id FROM snapshot ORDER BY 1 DESC").fetchall()[0] == (
            current,
        )
        return current, int(connection.execute("SELECT max(extract_id) FROM extract").fetchall()[0][0])


def _no_raw_cell(places: Places, step: int) -> None:
    for path in places.files.parent.rglob("*"):
        if path.is_file() and places.files not in path.parents:
            content = path.read_bytes()
            for person in range(1000 * step, 1000 * step + 300, 37):
                assert first_key(person).encode() not in content, path
                assert bytes.fromhex(first_key(person)) not in content, path


def _imported(places: Places, step: int) -> float:
    """Import to the end; return the seconds from its first line on."""
    child = _importer(places, _extract(places, step))
    assert child.stdout is not None
    child.stdout.readline()
    begun = time.monotonic()
    _, said = child.communicate(timeout=300)
    assert child.returncode == 0, said
    return time.monotonic() - begun


def _killed(places: Places, step: int, moment: float) -> bool:
    """Kill an import at a moment; return whether its release was published."""
    old, extracts = _state(places)
    child = _importer(places, _extract(places, step))
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(moment)
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    new, extracts_now = _state(places)
    assert (new == old) == (extracts_now == extracts)
    _no_raw_cell(places, step)
    return new != old


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.timeout(3600)
def test_killed_at_any_moment_while_the_app_serves(places: Places, full: bool, tmp_path: Path) -> None:
    """Whoever looks meanwhile sees the release before or the one after, whole, and never a refusal."""
    _imported(places, 0)
    moments = random.Random(3)
    with served(places.data, tmp_path / "server.log") as app:
        app.wait_for_visits(2)
        length = _imported(places, 998)
        outcomes = [_killed(places, step, moments.uniform(0, 1.1 * length)) for step in range(1, 201 if full else 6)]
        _imported(places, 999)
        app.wait_for_visits(2)
    _state(places)
    assert not list(places.restricted.root.glob(".building-*"))
    assert set(places.restricted.people_files()) == set(people_of_releases(places.data).values())
    assert False in outcomes
    assert not full or True in outcomes
    assert app.faults == []
    assert len(app.visits) > len(outcomes)
    for visit in app.visits:
        assert not visit.refused
        assert len(visit.releases) == 1 and visit.releases <= set(visit.pointer), visit
        assert visit.people == {"300"}, visit
    seen = {release for visit in app.visits for release in visit.releases}
    assert len(seen) >= 3
    assert app.visits[-1].releases == {places.data.published().current}
    assert "Traceback" not in (tmp_path / "server.log").read_text(errors="replace")


def test_the_parsing_child_can_write_nothing(tmp_path: Path) -> None:
    """Where the platform has limits, whoever takes over the child cannot put a cell on disk."""
    script = (
        "import signal, sys\n"
        "from prioritisation.confined import limit_this_process\n"
        "limit_this_process(1)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "open(sys.argv[1], 'wb', buffering=0).write(b'x')\n"
    )
    pytest.importorskip("resource")
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "x")], capture_output=True, text=True, check=False
    )
    assert "File too large" in ended.stderr
    assert (tmp_path / "x").read_bytes() == b""


def test_no_raw_cell_on_disk_while_it_runs(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Looked at in the middle of an import: working folder, temporary folder, data and restricted folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.chdir(scratch)
    monkeypatch.setenv("TMPDIR", str(scratch))
    publisher, looked = places.publish, []

    def look(*given: object) -> object:
        _no_raw_cell(places, 1)
        looked.append(given)
        return publisher(*given)  # type: ignore[arg-type]

    places.publish = look  # type: ignore[method-assign, assignment]
    places.load(_extract(places, 1))
    _no_raw_cell(places, 1)
    assert looked
    assert KEY.secret not in b"".join(places.snapshot().values())
