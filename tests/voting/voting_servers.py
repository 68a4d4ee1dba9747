"""The Vote page's own server, as `prioritisation votes` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prioritisation.folder import DataFolder
from prioritisation.votes_address import votes_address

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """A running `prioritisation votes`. server: process id of the Streamlit server behind the command."""

    address: str
    command: subprocess.Popen[bytes]
    log: Path

    @property
    def server(self) -> int:
        children = Path(f"/proc/{self.command.pid}/task/{self.command.pid}/children").read_text().split()
        return int(children[0])


@contextmanager
def votes_served(folder: DataFolder, port: int, *more: str) -> Iterator[Served]:
    """Run the command until the block ends; the server behind it ends with it, or was killed by the test."""
    log = folder.root / "votes.log"
    whole = [sys.executable, "-m", "prioritisation", "votes", "--data", str(folder.root), "--port", str(port), *more]
    environment = {name: value for name, value in os.environ.items() if name != "PRIORITISATION_WORKSPACE"}
    with log.open("ab") as output:
        command = subprocess.Popen(whole, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    served = Served(f"http://127.0.0.1:{port}", command, log)
    try:
        _wait(served, folder)
        yield served
    finally:
        command.send_signal(signal.SIGTERM)
        command.wait(timeout=60)


def _wait(served: Served, folder: DataFolder, seconds: float = 120) -> None:
    """Wait until the command tells its address: from then on it answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and served.command.poll() is None:
        if votes_address(folder) == served.address:
            return
        time.sleep(0.05)
    raise RuntimeError(served.log.read_text(encoding="utf-8"))
