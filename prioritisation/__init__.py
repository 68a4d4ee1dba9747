"""Rank small areas and groups of people by agreed, weighted priorities, and show the working."""

__version__ = "0.1.0"
