"""One Streamlit script served as a child process, which ends when this command ends."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY

LOOPBACK = "127.0.0.1"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_STOPPED = (0, -signal.SIGTERM, -signal.SIGINT)


def serve(script: str, port: int, options: Sequence[str], environment: Mapping[str, str]) -> None:
    """Serve a script of this product until it is stopped. UserError: the server ended by itself.

    script: path from the repository; options: further ones of `streamlit run`; environment: beside this process's own.
    """
    command = [sys.executable, "-m", "prioritisation.ui.served", "run", str(REPOSITORY / script)]
    command += ["--server.port", str(port)]
    command += ["--server.showEmailPrompt", "false", *options]
    started = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **environment})  # noqa: S603 - our own

    def end(number: int, frame: FrameType | None) -> None:
        started.terminate()

    signal.signal(signal.SIGTERM, end)
    try:
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


def free_port(first: int) -> int:
    """Return the first free port of this machine from `first` on."""
    for port in range(first, first + 100):
        with socket.socket() as attempt:
            if attempt.connect_ex((LOOPBACK, port)) != 0:
                return port
    return first


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
