"""The register of organisations among the files of an import of open data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from prioritisation.ingest.assets import RegisterColumns, no_assets, read_assets
from prioritisation.ingest.choose import Choices, most_precise
from prioritisation.ingest.faults import Faults
from prioritisation.ingest.recognise import Recognised

UNPLACED = "no postcode lookup among the files places its organisations"
NO_SOURCE = "the catalogue's sources.csv does not have its source"


def assets_of_files(
    offers: Sequence[Recognised],
    postcodes: pd.DataFrame,
    council_name: str,
    source_of: Callable[[Recognised], str | None],
    choices: Choices,
    faults: Faults,
) -> pd.DataFrame:
    """Return what the one register gives, as `asset` in schema.sql; nothing where no postcode lookup places it.

    postcodes: postcode, area_code; source_of: id of a file's source, None where the catalogue has none; choices: gets
    how the file was used, or why not.
    """
    chosen = most_precise(offers, choices, faults) if len(postcodes) else None
    source = source_of(chosen) if chosen is not None else None
    if chosen is None or chosen.table is None or source is None:
        why = UNPLACED if postcodes.empty else NO_SOURCE
        choices.unused |= {offer.file.name: why for offer in offers}
        return no_assets()
    read = read_assets(
        chosen.table,
        RegisterColumns(),
        postcodes=postcodes,
        council_name=council_name,
        source_id=source,
        faults=faults,
    )
    choices.used[chosen.file.name] = read.sentence
    return read.table
