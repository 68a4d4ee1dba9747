"""Processes of their own for the workspace's tests: started together, killed at the end, heard out."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

AFRESH = multiprocessing.get_context("forkserver")
AFRESH.set_forkserver_preload(["prioritisation.workspace.decisions", "prioritisation.workspace.ballots"])


@contextmanager
def running(target: Callable[..., None], several: list[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Start one process per tuple of arguments; give their answering ends."""
    started = []
    for arguments in several:
        answers, answer = AFRESH.Pipe(duplex=False)
        child = AFRESH.Process(target=target, args=(*arguments, answer), daemon=True)
        child.start()
        answer.close()
        started.append((child, answers))
    try:
        yield started
    finally:
        for child, _ in started:
            child.kill()
            child.join()


def drained(answers: Any) -> Iterator[str]:
    """Everything that a process answered before it ended."""
    try:
        while True:
            yield answers.recv()
    except (EOFError, OSError):
        return
