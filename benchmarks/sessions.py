"""Ten people on one server, each releasing a weight every two seconds: how long each waits, and memory per person.

One has a real browser; the others speak Streamlit's websocket protocol and take every message that a browser takes.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import LIMIT, Figure, import_peer
from benchmarks.browser import SETTLED, open_weigh, press
from benchmarks.serving import CHROMIUM, chromium, demonstration, server
from benchmarks.streamlit_client import Session

CLIENTS, ROUNDS, SECONDS_BETWEEN = 10, 15, 2.0
WAIT_AT_MOST_MS, MEMORY_AT_MOST_MB = 700, 30
FIRST_SESSIONS, ADDED_SESSIONS = 4, 20
READY_SECONDS = 90.0  # then some client did not come, and the rest give up
VIEW = "weighing"


def figures() -> Iterator[Figure]:
    """Yield waits of the browser and of the others, and the server's growth for each added session."""
    if import_peer("psutil") is None:
        yield Figure("sessions", None, "", note="needs psutil (.[bench])")
        return
    with tempfile.TemporaryDirectory() as folder:
        demonstration(folder)
        environment = {"PRIORITISATION_DATA": folder, "PRIORITISATION_WORKSPACE": ""}
        with server("app.py", environment) as (address, process):
            yield from _waits(address)
            yield _memory(address, process)


def _waits(address: str) -> Iterator[Figure]:
    """Release weights from all clients at once: the browser here, the others each in a thread of its own."""
    with_browser = import_peer("playwright") is not None and Path(CHROMIUM).exists()
    others = CLIENTS - 1 if with_browser else CLIENTS
    ready = threading.Barrier(others + with_browser)
    with ThreadPoolExecutor(others) as pool:
        runs = [pool.submit(_released, address, number, ready) for number in range(others)]
        if with_browser:
            with chromium() as browser:
                page, slider = open_weigh(browser, address)
                ready.wait(READY_SECONDS)
                seen = [_pressed(page, slider) for _ in range(ROUNDS)]
            yield Figure(f"one of {CLIENTS}, in the browser, p95", _p95(seen), "ms", LIMIT, WAIT_AT_MOST_MS)
        times = [wait for run in runs for wait in run.result()]
    note = f"{len(times)} releases; median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms"
    yield Figure(f"{CLIENTS} clients, send to result, p95", _p95(times), "ms", LIMIT, WAIT_AT_MOST_MS, note=note)


def _released(address: str, number: int, ready: threading.Barrier) -> list[float]:
    """Return the milliseconds from each release to its answer, weights never twice the same."""
    with Session(address, "Weigh") as session:
        session.open()
        ready.wait(READY_SECONDS)
        time.sleep(SECONDS_BETWEEN * number / CLIENTS)  # people do not let go in the same instant
        return [_release(session, _weights(number, turn)) for turn in range(ROUNDS)]


def _release(session: Session, weights: list[float]) -> float:
    """Send weights, wait for the ranks that answer them, then out the rest of the two seconds."""
    began = time.perf_counter()
    session.put(VIEW, weights=weights)
    session.wait()
    waited = time.perf_counter() - began
    if session.component(VIEW)[1]["weights"] != weights:
        raise ValueError("the answer is not about the weights that were sent")
    time.sleep(max(0.0, SECONDS_BETWEEN - waited))
    return 1000 * waited


def _pressed(page: Any, slider: Any) -> float:
    began = time.perf_counter()
    waited = press(page, slider, SETTLED)
    page.wait_for_timeout(1000 * max(0.0, SECONDS_BETWEEN - (time.perf_counter() - began)))
    return waited


def _weights(number: int, turn: int) -> list[float]:
    first, second = 5.0 + 2 * number, 4.0 + turn
    return [first, second, 30.0, 70.0 - first - second]


def _memory(address: str, process: int) -> Figure:
    """Return how much the server grows for each session beyond the first ones, each open and released once."""
    import psutil

    server_process = psutil.Process(process)
    sessions: list[Session] = []
    resident = []
    for count in (FIRST_SESSIONS, ADDED_SESSIONS):
        for _ in range(count):
            sessions.append(Session(address, "Weigh"))
            sessions[-1].open()
            sessions[-1].put(VIEW, weights=_weights(len(sessions) % 10, 0))
            sessions[-1].wait()
        resident.append(server_process.memory_info().rss)
    for session in sessions:
        session.close()
    grown = (resident[1] - resident[0]) / ADDED_SESSIONS / 2**20
    note = f"server {resident[1] / 2**20:.0f} MB with {len(sessions)} sessions"
    return Figure("memory for each added session", grown, "MB", LIMIT, MEMORY_AT_MOST_MB, note=note)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
