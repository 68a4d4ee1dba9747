"""Whether something answers at a port of this machine."""

from __future__ import annotations

import socket

PATIENCE_SECONDS = 0.2


def answers(address: str, port: int) -> bool:
    """Return whether something answers there. address: an IP address of this machine, or its name."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as attempt:
        attempt.settimeout(PATIENCE_SECONDS)
        return attempt.connect_ex((address, port)) == 0
