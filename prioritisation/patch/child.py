"""The proof in a process of its own: it reports how far it is, line by line, and can be ended at any time.

`python -m prioritisation.patch.child` reads one JSON line, a problem with its best known patch, and answers in lines:
    {"members": [..] or null, "bound": .., "settled": .., "starts": ..}, the last one with "ended": true.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from typing import Any, TextIO

from prioritisation.folder import REPOSITORY
from prioritisation.patch.problem import Patch, Problem, patch_of
from prioritisation.patch.proof import Progress, prove

SECONDS_AT_MOST = 300.0
REPORT_EVERY_SECONDS = 0.25
COMMAND = (sys.executable, "-u", "-m", "prioritisation.patch.child")
RUNNING, PROVEN, STOPPED, CANCELLED, FAILED = "running", "proven", "stopped", "cancelled", "failed"
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would open a console


class Proving:
    """A proof under way in a child process. `progress` is the last report; `state` is one of the words above."""

    def __init__(self, problem: Problem, best: Patch | None, seconds: float = SECONDS_AT_MOST) -> None:
        self.problem = problem
        self.progress = Progress(best, math.inf, 0, max(1, problem.n))
        self.seconds = 0.0
        self._began = time.monotonic()
        self._ended = self._cancelled = False
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            COMMAND,
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            creationflags=_NO_WINDOW,
        )
        self._thread = threading.Thread(target=self._follow, args=(best, seconds), daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        if self._thread.is_alive():
            return RUNNING
        if self._ended:
            return PROVEN if self.progress.is_proven else STOPPED
        return CANCELLED if self._cancelled else FAILED

    def cancel(self) -> None:
        """End the child; what it reported stays."""
        self._cancelled = True
        self._process.kill()

    def wait(self, seconds: float | None = None) -> Progress:
        """Wait until it has ended, or for so long; return the last report."""
        self._thread.join(seconds)
        return self.progress

    def _follow(self, best: Patch | None, seconds: float) -> None:
        question = {"problem": self.problem.to_record(), "best": best and list(best.members), "seconds": seconds}
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(question) + "\n")
                self._process.stdin.close()
            for line in self._process.stdout or ():
                self._take(json.loads(line))
        except (OSError, ValueError):
            self._process.kill()
        self._process.wait()

    def _take(self, report: dict[str, Any]) -> None:
        members = report["members"]
        best = None if members is None else patch_of(self.problem, members)
        bound = math.inf if report["bound"] is None else float(report["bound"])
        self.progress = Progress(best, bound, report["settled"], report["starts"])
        self.seconds = time.monotonic() - self._began
        self._ended = bool(report.get("ended"))


def answer(question: dict[str, Any], out: TextIO) -> None:
    """Prove what one question asks, and write reports as they come."""
    problem = Problem.from_record(question["problem"])
    best = None if question["best"] is None else patch_of(problem, question["best"])
    until = time.monotonic() + float(question["seconds"])
    last = [-math.inf]

    def watch(progress: Progress) -> bool:
        now = time.monotonic()
        if now - last[0] >= REPORT_EVERY_SECONDS:
            last[0] = now
            _tell(progress, out)
        return now > until

    _tell(prove(problem, best, watch), out, ended=True)


def _tell(progress: Progress, out: TextIO, ended: bool = False) -> None:
    members: Collection[int] | None = None if progress.best is None else progress.best.members
    bound = progress.bound if math.isfinite(progress.bound) else None
    report = {"members": members, "bound": bound, "settled": progress.settled, "starts": progress.starts}
    out.write(json.dumps(report | ({"ended": True} if ended else {})) + "\n")
    out.flush()


if __name__ == "__main__":
    answer(json.loads(sys.stdin.readline()), sys.stdout)
