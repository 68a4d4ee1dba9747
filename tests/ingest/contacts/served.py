"""A real server over a data folder, and somebody who opens the Cohorts page again and again meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from servers import free_port, wait_until_healthy

from benchmarks.streamlit_client import Session
from prioritisation.folder import REPOSITORY, DataFolder

_RELEASE = re.compile(rb"\br\d{4,}-[0-9a-f]{8}\b")
_REFUSED = b'class="refusal"'
_PEOPLE = re.compile(r"Everyone known to any partner[^:]{0,40}:\s*about ([0-9,]+) people")


@dataclass(frozen=True)
class Visit:
    """What one look at the page showed. pointer: the release in use before it and after it."""

    pointer: tuple[str | None, str | None]
    releases: frozenset[str]
    people: frozenset[str]
    refused: bool


@dataclass
class Served:
    """A server and what its visitor saw. faults: of visits that came to nothing."""

    data: DataFolder
    address: str
    visits: list[Visit] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    looked: threading.Condition = field(default_factory=threading.Condition)

    def look(self) -> Visit:
        """Open the page as somebody new would, and close it again."""
        before = self.data.published().current
        with Session(self.address, "Cohorts", {"cohort": "own"}) as session:
            session.open()
            shown = b"\n".join(delta.SerializeToString() for delta in session.elements.values())
        after = self.data.published().current
        plain = re.sub("<[^>]*>", "", shown.decode("utf-8", "ignore"))
        releases = frozenset(each.decode() for each in _RELEASE.findall(shown))
        return Visit((before, after), releases, frozenset(_PEOPLE.findall(plain)), _REFUSED in shown)

    def keep_looking(self) -> None:
        while not self.ended.is_set():
            try:
                self.visits.append(self.look())
            except Exception as fault:  # noqa: BLE001 - the test tells of it
                self.faults.append(fault)
                self.ended.set()
            with self.looked:
                self.looked.notify_all()

    def wait_for_visits(self, more: int, seconds: float = 120) -> None:
        """Wait until the visitor has looked so many times more."""
        wanted = len(self.visits) + more
        with self.looked:
            self.looked.wait_for(lambda: len(self.visits) >= wanted or bool(self.faults), timeout=seconds)


@contextmanager
def served(data: DataFolder, log: Path) -> Iterator[Served]:
    """Serve the folder to this computer alone, with a visitor; both have ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(port),
               "--server.address", "127.0.0.1", "--server.headless", "true"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PRIORITISATION_DATA": str(data.root)}
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, server, log)
            serving = Served(data, address)
            visitor = threading.Thread(target=serving.keep_looking)
            visitor.start()
            try:
                yield serving
            finally:
                serving.ended.set()
                visitor.join(timeout=120)
        finally:
            server.terminate()
            server.wait(timeout=20)
