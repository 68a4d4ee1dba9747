"""How many partners people are in contact with, how often, and at what cost: three different questions."""

from __future__ import annotations

import pandas as pd

from prioritisation.cohorts.cells import COUNCIL
from prioritisation.cohorts.counting import cell_count
from prioritisation.cohorts.counts import counts_table
from prioritisation.cohorts.published import PublishedCube
from prioritisation.disclosure.lattice import CONTACTS_BANDS, COST_BANDS, PARTNERS_BANDS, cell_text, node_id

PARTNERS, CONTACTS, COST = "partners_band", "contacts_band", "cost_band"
BANDS = {PARTNERS: PARTNERS_BANDS, CONTACTS: CONTACTS_BANDS, COST: COST_BANDS}
DIFFERENT_PEOPLE = (
    "The people with the most contacts and the people with the highest cost are different people, so a bar of one "
    "chart is not the bar of the other. Number of partners, number of contacts and cost are three different questions."
)
_PARTNERS = {"1": "1 partner", "2": "2 partners", "3": "3 partners", "4+": "4 or more partners"}


def bands(cube: PublishedCube, kind: str, geography: str = COUNCIL, area: str | None = None) -> pd.DataFrame:
    """Return band, name, low, people, high, status of one kind of band in an area; no rows where not counted.

    kind: "partners_band", "contacts_band", or "cost_band" (council only, and only where partners sent costs).
    """
    node = node_id(geography, [kind])
    listed = [band for band in BANDS[kind] if band in cube.values.get((node, kind), ())]
    table = counts_table(cell_count(cube, node, area or cube.council, cell_text({kind: band})) for band in listed)
    table.insert(0, "band", listed)
    table.insert(1, "name", [band_name(kind, band) for band in listed])
    return table


def band_name(kind: str, band: str) -> str:
    """Return a band in words for an axis."""
    if kind == PARTNERS:
        return _PARTNERS[band]
    if kind == CONTACTS:
        return f"{band.rstrip('+')} or more contacts" if band.endswith("+") else f"{band.replace('-', ' to ')} contacts"
    place = COST_BANDS.index(band)
    if place == 0:
        return f"those who make up the first {band}% of all cost"
    share = int(band) - int(COST_BANDS[place - 1])
    return f"those who make up the next {share}% of all cost" if band != COST_BANDS[-1] else f"the last {share}%"
