"""The file that says which data zone a postcode lies in. Standard library, Python 3.9 syntax."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from prioritisation.pseudonymise.raw import NOT_DONE, opened
from prioritisation.pseudonymise.rules import Refusal

SAMPLED = 200
_ANY_POSTCODE = re.compile(r"[A-Z]{1,2}\d[0-9A-Z]?\d[A-Z]{2}")
_ZONE = re.compile(r"S01\d{6}|DEMO\d{5}")
# Data zones as the Scottish Government numbered them; invented ones count as 2011.
_VINTAGES = (("2001", "S01000001", "S01006505"), ("2011", "S01006506", "S01013481"), ("2022", "S01013482", "S01020873"))
_REMEDY = "Use a CSV file with a column of postcodes and a column of data zone codes, such as S01012417."


def read_postcodes(path: Path, vintage: str | None = None) -> dict[str, str]:
    """Read postcode (capitals without spaces) -> data zone code; the columns are known by what they hold.

    vintage: "2011" or "2022" where the file has columns of both. Raises Refusal.
    """
    with opened(path, "The postcodes file") as text:
        reader = csv.reader(text)
        header = next(reader, [])
        sample = list(islice(reader, SAMPLED))
        columns = range(max([len(header), *map(len, sample)]))
        postcode = [place for place in columns if _mostly(sample, place, _ANY_POSTCODE)]
        zone = [place for place in columns if _mostly(sample, place, _ZONE)]
        vintages = {place: _vintage(sample, place) for place in zone}
        if vintage is not None:
            zone = [place for place in zone if vintages[place] == vintage]
        if len(postcode) < 1 or len(zone) < 1:
            wanted = f" of {vintage}" if vintage and vintages else ""
            raise Refusal(
                f"The postcodes file has no column of postcodes, or none of data zones{wanted}.", NOT_DONE, _REMEDY
            )
        if len({vintages[place] for place in zone}) > 1:
            raise Refusal(
                "The postcodes file has data zones of two vintages.", NOT_DONE, "Add --vintage 2011 or --vintage 2022."
            )
        last = max(postcode[0], zone[0])
        rows = (row for part in (sample, reader) for row in part if len(row) > last)
        return {_plain(row[postcode[0]]): _plain(row[zone[0]]) for row in rows if _ZONE.fullmatch(_plain(row[zone[0]]))}


def _plain(cell: str) -> str:
    return "".join(cell.split()).upper()


def _mostly(sample: Sequence[Sequence[str]], place: int, pattern: re.Pattern[str]) -> bool:
    """Say whether nine in ten filled cells of a column have a pattern."""
    filled = [_plain(row[place]) for row in sample if len(row) > place and row[place].strip()]
    return bool(filled) and sum(pattern.fullmatch(cell) is not None for cell in filled) >= 0.9 * len(filled)


def _vintage(sample: Sequence[Sequence[str]], place: int) -> str:
    code = next(_plain(row[place]) for row in sample if len(row) > place and _ZONE.fullmatch(_plain(row[place])))
    return next((name for name, first, last in _VINTAGES if first <= code <= last), "2011")
