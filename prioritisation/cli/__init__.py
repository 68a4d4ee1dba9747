"""The `prioritisation` command: everything that the pages compute, and everything that builds data."""

from prioritisation.cli import ask, build, cohorts, decide, packs, partner, people, serve, shortlists
from prioritisation.cli.frame import main

__all__ = ["ask", "build", "cohorts", "decide", "main", "packs", "partner", "people", "serve", "shortlists"]
