"""The app never opens a file that holds people, and shows the same pages when their folder is not there at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from screens import AT_REST
from servers import ROOT, free_port, wait_until_healthy

from prioritisation.ui.cohorts.page import QUESTIONS
from prioritisation.ui.navigation import NAMES

if TYPE_CHECKING:
    from planted_world import PlantedWorld

pytestmark = pytest.mark.browser
psutil = pytest.importorskip("psutil")
if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)

from watched_folder import watched  # noqa: E402 - needs both


@pytest.fixture
def world(planted_world: PlantedWorld, tmp_path: Path) -> PlantedWorld:
    """A release that counts people, with their restricted store beside it."""
    return planted_world.copied(tmp_path)


@contextmanager
def server(world: PlantedWorld, log: Path) -> Iterator[tuple[str, int]]:
    """Serve the world to this computer alone, told where the people are; gives address and process id."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    told = {
        "PYTHONPATH": str(ROOT),
        "PRIORITISATION_DATA": str(world.data.root),
        "PRIORITISATION_RESTRICTED": str(world.restricted.root),
    }
    with log.open("wb") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **told}
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, running, log)
            yield address, running.pid
        finally:
            running.terminate()
            running.wait(timeout=20)


def addresses() -> Iterator[str]:
    yield from NAMES
    yield from (f"Cohorts?question={question}" for question in QUESTIONS)


def visited(browser: Any, address: str) -> dict[str, str]:
    """Open every page in the browser until it rests; return what each says."""
    said = {}
    page = browser.new_page()
    for path in addresses():
        page.goto(f"{address}/{path}")
        page.locator(".stHtml h1").first.wait_for(timeout=60_000)
        page.locator(AT_REST).wait_for(timeout=60_000)
        assert page.locator("section.refusal").count() == 0, path
        said[path] = page.locator(".stHtml h1").first.inner_text()
    page.close()
    return said


def test_no_file_of_people_is_opened_on_any_page(browser: Any, world: PlantedWorld, tmp_path: Path) -> None:
    people = world.restricted.people_file(str(world.data.published().current))
    assert people.is_file()
    with server(world, tmp_path / "log.txt") as (address, process):
        with watched(world.restricted.root, psutil.Process(process)) as watching:
            said = visited(browser, address)
            assert watching.touched == []
            people.read_bytes()  # the watch sees one opening
            assert watching.wait_for(people)
        assert watching.held == set()
        assert watching.looks > len(said)
    assert "Traceback" not in (tmp_path / "log.txt").read_text(errors="replace")


def test_a_held_file_would_be_seen(world: PlantedWorld) -> None:
    people = world.restricted.people_file(str(world.data.published().current))
    with watched(world.restricted.root, psutil.Process()) as watching, people.open("rb"):
        watching.look_at(psutil.Process())
    assert watching.held == {str(people)}


def test_the_app_works_with_the_people_absent(browser: Any, world: PlantedWorld, tmp_path: Path) -> None:
    away = world.restricted.root.rename(tmp_path / "somewhere-else")
    with server(world, tmp_path / "log.txt") as (address, _):
        said = visited(browser, address)
    assert set(said) == set(addresses())
    assert not world.restricted.root.exists()
    assert list(away.iterdir())
    assert "Traceback" not in (tmp_path / "log.txt").read_text(errors="replace")
