"""The `prioritisation` command: everything that the pages compute, and everything that builds data."""

from prioritisation.cli import (
    ask,
    audit,
    build,
    cohorts,
    decide,
    divide,
    packs,
    partner,
    patch,
    people,
    referrals,
    reopen,
    robustness,
    serve,
    sheets,
    shortlists,
)
from prioritisation.cli.frame import main

__all__ = [
    "ask",
    "audit",
    "build",
    "cohorts",
    "decide",
    "divide",
    "main",
    "packs",
    "partner",
    "patch",
    "people",
    "referrals",
    "reopen",
    "robustness",
    "serve",
    "sheets",
    "shortlists",
]
