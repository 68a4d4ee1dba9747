"""The `prioritisation` command: everything that the pages compute, and everything that builds data."""

from prioritisation.cli import ask, build, serve
from prioritisation.cli.frame import main

__all__ = ["ask", "build", "main", "serve"]
