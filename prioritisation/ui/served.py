"""Streamlit as `prioritisation run` and `votes` start it: it never asks an outside host for this machine's own address.

Streamlit 1.67 asks whenever a browser comes with an origin that it does not know, again each time that no answer comes,
and on the one thread that serves everybody: anybody on the network could make all phones wait.
"""

from __future__ import annotations

from streamlit import net_util
from streamlit.web.cli import main


def serve() -> None:
    """Run Streamlit's own command line."""
    net_util.get_external_ip = _not_asked
    main(prog_name="streamlit")


def _not_asked() -> None:
    """Stand in for the address that an outside host would tell."""


if __name__ == "__main__":
    serve()
