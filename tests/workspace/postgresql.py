"""A throw-away PostgreSQL cluster for tests: in a folder of its own, as its own user, on a socket in that folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=60", "shared_buffers=16MB", "log_min_messages=fatal")


def programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest installed; None without PostgreSQL."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """One running server. initdb refuses root, so root's tests run it as `postgres`."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin = folder, bin_folder
        self.owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.count = 0

    def run(self, program: str, *arguments: str) -> None:
        switch = {"user": self.owner, "group": self.owner, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(
            [self.bin / program, "-D", self.folder / "cluster", *arguments],
            check=True,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=60,
            **switch,
        )

    def start(self) -> None:
        settings = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={self.folder}"))
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-w", "-m", mode, "stop")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Create an empty database and return its URL."""
        import psycopg

        self.count += 1
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE trial_{self.count}".encode())
        return self.url(f"trial_{self.count}")


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Skipped without PostgreSQL, unless REQUIRE_POSTGRESQL=1 makes that a failure."""
    bin_folder = programs()
    try:
        import psycopg  # noqa: F401
    except ImportError:
        bin_folder = None
    if bin_folder is None:
        reason = "PostgreSQL or psycopg is not installed"
        (pytest.fail if os.environ.get("REQUIRE_POSTGRESQL") == "1" else pytest.skip)(reason)
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        cluster = Cluster(Path(folder), bin_folder)
        shutil.chown(folder, cluster.owner)
        cluster.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
