"""Numbers and states as people read them. Rounding happens here and nowhere before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

STATUS_WORDS = {
    "reported": "has a value",
    "zero": "zero",
    "suppressed": "suppressed",
    "missing": "no value",
    "not scored": "not scored",
}
STATUS_MEANING = {
    "zero": "the publisher reports exactly zero",
    "suppressed": "there is a value, but it is not published, to protect people",
    "missing": "there is no value for this area",
    "not scored": "too few of its values are known for a score",
}
AGGREGATE_WORDS = {
    "arithmetic": "Average: a low score on one priority can be made up for by another",
    "geometric": "Geometric mean: a low score on one priority is not bought back by another",
}
METHOD_WORDS = {
    "percentile": "Percentile: how many areas have less need",
    "min-max": "Distance between the least and the greatest need",
    "z-score": "Distance from the average, in standard deviations",
    "exponential": "Exponential: spreads out the areas in greatest need",
}
REFERENCE_WORDS = {
    "council": "Each area is compared with the areas of its own council",
    "all": "Each area is compared with all areas of the country that are loaded",
}
NO_MAP = "There is no map: no boundaries are loaded. The list has every area."
NOT_APPLICABLE = "\N{EN DASH}"


def decimals(unit: str) -> int:
    """Return how many decimals a unit is shown with."""
    return 1 if unit in ("per cent", "minutes", "score") else 0


def number(value: float, unit: str = "", precise: int | None = None) -> str:
    """Return a number with the sign of its unit where it has a short one: 12.3%, 5.2 min, 1,395."""
    if value is None or not math.isfinite(value):
        return NOT_APPLICABLE
    places = decimals(unit) if precise is None else precise
    spelled = f"{value:,.{places}f}"
    if spelled.strip("-0.,") == "" and value != 0:  # never show a small value as zero: zero is a state of its own
        spelled = f"under {10**-places:,.{places}f}" if value > 0 else spelled
    return spelled + {"per cent": "%", "minutes": " min"}.get(unit, "")


def unit_words(unit: str) -> str:
    """Return the unit where its short sign does not say it all; empty otherwise."""
    return "" if unit in ("per cent", "minutes") else unit


def valued(value: float, status: str, unit: str) -> str:
    """Return a value, or in words why there is none."""
    if status in ("suppressed", "missing", "not scored"):
        return STATUS_WORDS[status]
    return number(value, unit)


def method_words(normalise: str, aggregate: str, reference: str, rank_offset: float = 0.0) -> str:
    """Return how areas are ranked in sentences: the choices as Weigh and Method name them; an unknown one as it is."""
    offset = f", with a rank offset of {rank_offset:g}" if rank_offset else ""
    said = (
        f"{METHOD_WORDS.get(normalise, normalise)}{offset}",
        AGGREGATE_WORDS.get(aggregate, aggregate),
        REFERENCE_WORDS.get(reference, reference),
    )
    return " ".join(f"{each}." for each in said)


def ordinal(rank: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank:,}{ending}"


def place_words(rank: int, of: int) -> str:
    """Return "12th of 153", or that there is no rank."""
    return f"{ordinal(rank)} of {of:,}" if rank > 0 else NOT_APPLICABLE


def percent(share: float, places: int = 0) -> str:
    """Return a share of 1 as a percentage; one decimal only where it is not a whole number."""
    figure = 100 * share
    return f"{figure:.0f}%" if abs(figure - round(figure)) < 0.05 else f"{figure:.{max(places, 1)}f}%"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return "a", "a and b", "a, b and c", or how many more there are."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def day(stamp: str) -> str:
    """Return the date of an ISO time in words; the text itself where it is none."""
    moment = _moment(stamp)
    return f"{moment.day} {moment:%B %Y}" if moment else stamp


def age(stamp: str, now: datetime) -> str:
    """Return how long ago an ISO time was: today, 3 days ago, 2 years ago."""
    moment = _moment(stamp)
    if moment is None:
        return ""
    days = (now - moment).days
    if days < 1:
        return "today"
    for size, name in ((365, "year"), (30, "month"), (1, "day")):
        if days >= size:
            count = days // size
            return f"{count} {name}{'s' if count != 1 else ''} ago"
    return ""


def _moment(stamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def file_size(count: float) -> str:
    """Return bytes as kB or MB."""
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):,.1f} kB"


def share_words(share: float) -> str:
    """Return a share of 1 in whole per cents; never 0% or 100% for what is not quite."""
    if math.isnan(share):
        return NOT_APPLICABLE
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 <= share < 1 else f"{100 * share:.0f}%"


def areas_words(count: int, kind: str = "") -> str:
    """Return "1 area", "15 areas", "3 other areas"."""
    return f"{count:,} {kind}{'area' if count == 1 else 'areas'}"


def organisation_key(name: str) -> str:
    """Return what two spellings of one organisation have in common: capitals and blanks do not count."""
    return "".join(name.split()).casefold()


def weights_words(weights: Mapping[str, float], names: Mapping[str, str]) -> str:
    """Return "Housing 40%, Money 33.3%", the heaviest first. weights: per cent by id; names: by id, where known."""
    ordered = sorted(weights.items(), key=lambda each: -each[1])
    return ", ".join(f"{names.get(key, key)} {weight_words(share)}%" for key, share in ordered)


def weight_words(percentage: float) -> str:
    """Return a weight in per cent with a decimal only where it has one, as the browser does; a dash for none."""
    return (
        NOT_APPLICABLE if math.isnan(percentage) else f"{math.floor(10 * percentage + 0.5) / 10:.1f}".removesuffix(".0")
    )
