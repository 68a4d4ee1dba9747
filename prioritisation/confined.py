"""Children that meet hostile bytes: bounded in memory and time, told no key, with no right to write a file."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

MEMORY_UP_TO = 4 * 1024**3
TOLD = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ")  # and LC_...


def limit_this_process(seconds: int) -> None:
    """Bound memory and processor time, and forbid writing files; where the platform cannot, go on without."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: MEMORY_UP_TO,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for name, most in wanted.items():
        try:
            resource.setrlimit(name, (most, most))
        except (OSError, ValueError):
            continue


@contextmanager
def confined(
    module: str, arguments: Sequence[str], seconds: float, *, given: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of ours as a child that should limit itself; it is ended on leaving, and after so many seconds.

    given: whether it is sent something on its standard input; what it says comes from its standard output.
    """
    package = Path(__file__).resolve().parents[1]
    paths = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module; arguments are no command
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**_told(os.environ), "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    ) as child:
        waiting = threading.Timer(seconds, child.kill)
        waiting.daemon = True
        waiting.start()
        try:
            yield child
        finally:
            waiting.cancel()
            child.kill()


def answer(module: str, arguments: Sequence[str], given: bytes, *, seconds: float, most: int) -> bytes | None:
    """Return what a confined child says of some bytes; None: it came to no end, or said more than `most` bytes."""
    with confined(module, arguments, seconds, given=True) as child:
        source, sink = cast("IO[bytes]", child.stdout), cast("IO[bytes]", child.stdin)
        try:
            sink.write(given)
            sink.close()
        except OSError:
            return None
        said = source.read(most + 1)
        return said if len(said) <= most and child.wait() == 0 else None


def _told(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a child needs of the environment to run at all; no key or password is among it."""
    return {name: value for name, value in environment.items() if name in TOLD or name.startswith("LC_")}
