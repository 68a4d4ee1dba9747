"""The very first start: with no release yet, the demonstration is built once, by a child process."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import streamlit as st
from filelock import FileLock, Timeout

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY, DataFolder
from prioritisation.ui.markup import show, tag

COMMAND = (sys.executable, "-u", "-m", "prioritisation", "demonstration")
LOOK_EVERY_SECONDS = 0.3
GIVE_UP_AFTER_SECONDS = 600
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would open a console


class Building:
    """One `prioritisation demonstration` under way, shared by every browser of this server."""

    def __init__(self, folder: DataFolder) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "--data", str(folder.root)],
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            creationflags=_NO_WINDOW,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        return self._process.poll() is None or self._reader.is_alive()

    @property
    def failed(self) -> bool:
        return not self.running and self._process.returncode != 0

    def _read(self) -> None:
        for line in self._process.stderr or ():
            if line.strip():
                self.lines.append(line.rstrip())


class Builder:
    """Starts at most one building per folder in this server, and none while an import holds the lock."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._buildings: dict[Path, Building] = {}

    def building(self, folder: DataFolder) -> Building | None:
        """Return the building under way or just ended, begun now if need be; None while another import runs."""
        with self._guard:
            known = self._buildings.get(folder.root)
            if known is None:
                if _import_is_running(folder):
                    return None
                known = self._buildings[folder.root] = Building(folder)
            return known

    def forget(self, folder: DataFolder) -> None:
        """Let the next look begin anew."""
        with self._guard:
            ended = self._buildings.get(folder.root)
            if ended is not None and not ended.running:
                del self._buildings[folder.root]


def build_demonstration(folder: DataFolder) -> None:
    """Build the demonstration, or wait while somebody else imports, showing its progress; then start the page again."""
    show(
        tag("h1", "Making demonstration data"),
        tag(
            "p",
            "There is no data yet, so an invented council area is being made. It takes a few seconds.",
            class_="lead",
        ),
    )
    lines = st.empty()
    builder = _builder()
    give_up = time.monotonic() + GIVE_UP_AFTER_SECONDS
    while folder.published().current is None and time.monotonic() < give_up:
        building = builder.building(folder)
        if building is not None and not building.running:
            break
        with lines.container():
            show(_progress(building))
        time.sleep(LOOK_EVERY_SECONDS)
    if folder.published().current is None:
        _say_failure(folder, builder)
    builder.forget(folder)
    st.rerun()


def _progress(building: Building | None) -> str:
    said = ["Another import is running; waiting for it to end."] if building is None else building.lines[-12:]
    return tag("ul", *[tag("li", line) for line in said] or [tag("li", "Starting")], class_="progress", role="status")


def _say_failure(folder: DataFolder, builder: Builder) -> None:
    """Raise what the child process said, as it said it."""
    building = builder.building(folder)
    said = " ".join(building.lines[-6:]) if building is not None else ""
    builder.forget(folder)
    raise UserError(
        f"The demonstration could not be made. {said}".rstrip(),
        not_done="There is nothing to show yet, and nothing was changed.",
        remedy="Reload this page to try again, or run `prioritisation demonstration` and read what it says.",
    )


def _import_is_running(folder: DataFolder) -> bool:
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError as fault:
        raise UserError(
            f"The data folder {folder.root} cannot be written ({type(fault).__name__}).",
            not_done="No demonstration was made.",
            remedy="Choose another folder with --data DIR or PRIORITISATION_DATA, or ask for write permission.",
        ) from fault


@st.cache_resource(show_spinner=False)
def _builder() -> Builder:
    return Builder()
