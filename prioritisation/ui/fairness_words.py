"""What the shortlist reaches and misses, in sentences: `prioritisation.reach`, under the name that pages know."""

from prioritisation.reach import (
    FAR_OFF,
    missed_sentence,
    next_sentence,
    not_known,
    places_sentence,
    reach_sentence,
    reach_title,
    these,
)

__all__ = [
    "FAR_OFF",
    "missed_sentence",
    "next_sentence",
    "not_known",
    "places_sentence",
    "reach_sentence",
    "reach_title",
    "these",
]
