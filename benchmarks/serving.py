"""A real server and a real browser, for benchmarks that measure what a person would wait for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def demonstration(folder: str, areas: int = 153) -> None:
    """Publish the demonstration's data in a folder, hexagons included."""
    for command in (["demonstration", "--areas", str(areas)], ["hexes"]):
        whole = [sys.executable, "-m", "prioritisation", *command, "--data", folder]
        subprocess.run(whole, check=True, cwd=REPOSITORY, capture_output=True)


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(script: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Serve one Streamlit script on a free local port; gives its address once it answers; ends it afterwards."""
    with server(script, environment) as (address, _):
        yield address


@contextmanager
def server(script: str, environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Like `serving`, and gives the server's process id too."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen(
            command, cwd=REPOSITORY, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", started)
            yield f"http://127.0.0.1:{port}", started.pid
        finally:
            started.terminate()
            started.wait(timeout=20)


def _wait(address: str, started: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and started.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"{address} did not answer")


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, headless, through Playwright; nothing where either is not installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
