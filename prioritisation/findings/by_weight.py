"""What other weights would do to the shortlist, told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prioritisation.findings.names import beyond, named, per_cent, points, verb
from prioritisation.findings.sure import HowSure
from prioritisation.flips import ABOVE, BELOW, Turn
from prioritisation.words import areas_words

Told = tuple[str, pd.DataFrame]


def stability(sure: HowSure) -> Told:
    """Tell how many places are certain, under weights within the band and under any."""
    held = int((sure.now & sure.reasonable.surely_in).sum())
    of = int(sure.now.sum())
    out = int(sure.reasonable.surely_out.sum())
    between = int(sure.reasonable.scored.sum()) - int(sure.reasonable.surely_in.sum()) - out
    band = f"with every weight within {per_cent(sure.band)} of itself, more or less"
    certain = f"{held} of the {areas_words(of)} {verb(held, 'is', 'are')} certain to stay on the shortlist {band}"
    rest = f"{areas_words(out)} can then never get on it, and for {between:,} it depends on the weights"
    always = int((sure.now & (sure.anyhow.probability == 1)).sum())
    anyhow = (
        f"Under any weights at all, {verb(always, '1 area stays', f'{always} areas stay')} in every weighting tried."
        if always
        else "Under any weights at all, no area stays in every weighting tried."
    )
    return f"{certain[0].upper()}{certain[1:]}; {rest}. {anyhow}", stability_table(sure)


def stability_table(sure: HowSure) -> pd.DataFrame:
    """Return every scored area by rank: probabilities, what is certain, and between which ranks it lies."""
    scores, described = sure.ranking.scores, sure.ranking.areas
    table = pd.DataFrame(
        {
            "id": described.index,
            "area": described["name"].to_numpy(),
            "rank": scores.rank,
            "on the shortlist": sure.now,
            "how often within the band": sure.reasonable.probability,
            "in words": list(sure.reasonable.words),
            "certain": certainty(sure),
            "rank from": sure.within.low,
            "rank mostly": sure.within.middle,
            "rank to": sure.within.high,
            "how often under any weights": sure.anyhow.probability,
            "rank from, any weights": sure.across.low,
            "rank to, any weights": sure.across.high,
            "one weight": [sure.flips.sentence(unit, _priorities(sure)) for unit in range(len(scores.rank))],
        }
    )
    scored = table[table["rank"] > 0]
    return scored.sort_values(["rank", "id"], kind="stable", ignore_index=True)


def certainty(sure: HowSure) -> list[str]:
    """Return "in" or "out" where that is certain within the band, else nothing."""
    found = np.where(sure.reasonable.surely_in, "in", np.where(sure.reasonable.surely_out, "out", ""))
    return [str(each) for each in found]


def turns(sure: HowSure) -> Told:
    """Tell which weight is nearest to a turn, and for each how far it may go before the shortlist changes."""
    every = [turn for found in sure.flips.turns for turn in found]
    columns = ["priority", "weight now", "direction", "turns at", "leaves", "enters"]
    if not every:
        return "No single weight changes the shortlist, however far it is moved.", pd.DataFrame(columns=columns)
    names, now = _priorities(sure), sure.ranking.scores.weights
    nearest = min(every, key=lambda turn: abs(turn.share - now[turn.priority]))
    calm = [k for k, weight in enumerate(now) if weight > 0 and not sure.flips.turns[k]]
    still = f" {named([names[k] for k in calm])} alone can never change it." if calm else ""
    sentence = (
        f"The nearest turn is of {names[nearest.priority]}, {per_cent(float(now[nearest.priority]))} now: "
        f"{turn_words(sure, nearest)}.{still}"
    )
    rows = [
        {
            "priority": names[turn.priority],
            "weight now": round(100 * float(now[turn.priority]), 4),
            "direction": turn.direction,
            "turns at": round(100 * turn.share, 4),
            "leaves": "; ".join(sure.names[unit] for unit in turn.leaves),
            "enters": "; ".join(sure.names[unit] for unit in turn.enters),
        }
        for turn in every
    ]
    return sentence, pd.DataFrame(rows, columns=columns)


def turn_words(sure: HowSure, turn: Turn) -> str:
    """Return what happens at a turn: "below 21.3%, A gives its place to B"."""
    leaves, enters = ([sure.names[unit] for unit in units] for units in (turn.leaves, turn.enters))
    where = beyond(turn.share, turn.direction)
    if not enters:
        return f"{where}, {named(leaves)} {verb(len(leaves), 'leaves', 'leave')} the shortlist"
    if not leaves:
        return f"{where}, {named(enters)} {verb(len(enters), 'enters', 'enter')} it"
    return f"{where}, {named(leaves)} {verb(len(leaves), 'gives its place', 'give their places')} to {named(enters)}"


def ruler_sentence(sure: HowSure, priority: int) -> str:
    """Return how far one priority's weight may go before the shortlist changes, and what happens beyond."""
    low, high = (sure.flips.first(priority, direction) for direction in (BELOW, ABOVE))
    if low is None and high is None:
        return "No weight of this priority changes the shortlist."
    told = [turn_words(sure, turn) for turn in (low, high) if turn is not None]
    whole = "; ".join(told)
    side = "" if low and high else f"; {'a lower' if low is None else 'a higher'} weight changes nothing"
    return f"{whole[0].upper()}{whole[1:]}{side}."


def smallest(sure: HowSure) -> Told:
    """Tell how little weight has to move, from where to where, and who then changes places."""
    names, now, found = _priorities(sure), sure.ranking.scores.weights, sure.smallest
    at = now if found is None else found.weights
    table = pd.DataFrame(
        {"priority": names, "weight now": (100 * now).round(4), "weight at the turn": (100 * at).round(4)}
    ).assign(change=(100 * (at - now)).round(4))
    if found is None:
        return "No change of the weights alters the shortlist.", table
    leaves = sure.names[found.leaves]
    if found.enters < 0:
        return f"{leaves} ties for the last place: the slightest change of weights may put it out.", table
    sources = [names[k] for k in np.flatnonzero(now - found.weights > 1e-12) if k != found.to]
    inside = bool((np.abs(found.weights - now) <= sure.band * now + 1e-12).all())
    told = (
        f"Moving {points(found.moved)} from {named(sources)} to {names[found.to]} is enough: "
        f"{leaves} then gives its place to {sure.names[found.enters]}"
    )
    within = "a reasonable change" if inside else "more than a reasonable change"
    return f"{told}. That is {within} as chosen here (within {per_cent(sure.band)} of each weight).", table


def _priorities(sure: HowSure) -> list[str]:
    return [priority.name for priority in sure.framework.priorities]
