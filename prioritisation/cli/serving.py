"""One Streamlit script served as a child process, which ends when this command ends."""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from types import FrameType

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY
from prioritisation.ports import answers

LOOPBACK = "127.0.0.1"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_STOPPED = (0, -signal.SIGTERM, -signal.SIGINT)
_LOOKS_EVERY_SECONDS = 0.05


def serve(
    script: str,
    port: int,
    options: Sequence[str],
    environment: Mapping[str, str],
    *,
    at: str = LOOPBACK,
    while_it_answers: AbstractContextManager[object] | None = None,
) -> None:
    """Serve a script of this product until it is stopped. UserError: the server ended by itself.

    script: path from the repository; options: further ones of `streamlit run`; environment: beside this process's own;
    while_it_answers: entered once the port answers at this address, left when the server has ended.
    """
    command = [sys.executable, "-m", "prioritisation.ui.served", "run", str(REPOSITORY / script)]
    command += ["--server.port", str(port)]
    command += ["--server.showEmailPrompt", "false", *options]
    started = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **environment})  # noqa: S603 - our own

    def end(number: int, frame: FrameType | None) -> None:
        started.terminate()

    signal.signal(signal.SIGTERM, end)
    try:
        if while_it_answers is not None and _comes_to_answer(started, at, port):
            with while_it_answers:
                started.wait()
        code = started.wait()
    except KeyboardInterrupt:  # the child had it too where it came from a terminal, and only there
        started.terminate()
        with suppress(KeyboardInterrupt):
            started.wait()
        return
    if code not in _STOPPED:
        raise UserError(
            f"The server stopped with code {code}.",
            not_done="The product is not being served any more.",
            remedy="Its last lines above say why; a port in use is the usual reason (choose another with --port).",
        )


def _comes_to_answer(started: subprocess.Popen[bytes], address: str, port: int) -> bool:
    """Wait until a server answers; return False where it ends before."""
    while started.poll() is None:
        if answers(address, port):
            return True
        time.sleep(_LOOKS_EVERY_SECONDS)
    return False


def free_port(first: int) -> int:
    """Return the first free port of this machine from `first` on."""
    return next((port for port in range(first, first + 100) if not answers(LOOPBACK, port)), first)


def in_use(bound: Address, port: int) -> bool:
    """Return whether another program has the port."""
    with socket.socket(socket.AF_INET if bound.version == 4 else socket.AF_INET6) as attempt:
        if os.name == "posix":  # else a port counts as taken for a minute after its last visitor
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((str(bound), port))
        except OSError as fault:
            return fault.errno == errno.EADDRINUSE
    return False


def from_here(bound: Address) -> str:
    """Return the address itself, or for every address this machine's own."""
    if not bound.is_unspecified:
        return str(bound)
    return LOOPBACK if bound.version == 4 else "::1"


def address_to_serve_on(given: str) -> Address:
    """Read an address of this machine, as --address gives it. UserError: it is none."""
    try:
        return ipaddress.ip_address(given)
    except ValueError:
        raise UserError(
            "The address to serve on is not a number such as 192.168.1.20.",
            not_done="Nothing was served.",
            remedy="Give one of this machine's addresses, or 0.0.0.0 for all of them.",
        ) from None


def reachable(bound: Address) -> str:
    """Return the address itself, or for every address the one that this machine has in its network."""
    if not bound.is_unspecified:
        return str(bound)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # kept for documentation, and a datagram socket sends nothing yet
            return str(asked.getsockname()[0])
        except OSError:
            return LOOPBACK
