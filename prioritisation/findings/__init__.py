"""How sure a shortlist is, worked out for one ranking and told: sentences that can be read out, each with its table."""

from prioritisation.findings.sure import HowSure, how_sure
from prioritisation.findings.told import IDS, Finding, findings, headline

__all__ = ["IDS", "Finding", "HowSure", "findings", "headline", "how_sure"]
