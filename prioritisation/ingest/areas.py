"""The table of areas: what each is called and belongs to, and which are the council's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prioritisation.errors import UserError
from prioritisation.ingest.codes import among, vintage_of
from prioritisation.ingest.faults import NOT_DONE, Faults, listed
from prioritisation.ingest.lookups import ATTRIBUTES

EVERYWHERE = "all"
_COUNCIL_CODE = re.compile(r"S12\d{6}")


@dataclass(frozen=True)
class Council:
    """The council asked for, and its areas. code is "all" for everything, empty when no file gives it."""

    code: str
    name: str
    members: pd.Index


def combined_attributes(codes: pd.Index, sources: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return ATTRIBUTES for each area, each from the first source that has it."""
    combined = pd.DataFrame(index=codes, columns=list(ATTRIBUTES), dtype="str")
    for source in sources:
        given = source.reindex(codes)
        for attribute in source.columns:
            combined[attribute] = combined[attribute].where(combined[attribute].notna(), given[attribute])
    return combined


def resolve_council(wanted: str, attributes: pd.DataFrame) -> Council:
    """Find the areas of a council given by code or name, or "all". UserError: no file knows such a council."""
    asked = wanted.strip()
    if asked.casefold() == EVERYWHERE:
        return Council(EVERYWHERE, _name_of_all(attributes), attributes.index)
    by_code = attributes["council_code"].str.casefold() == asked.casefold()
    by_name = attributes["council"].str.casefold() == asked.casefold()
    members = attributes[by_code.fillna(False) | by_name.fillna(False)]
    if members.empty:
        raise _unknown_council(asked, attributes)
    name = _most_common(members["council"]) or asked
    also = attributes["council_code"].isna() & (attributes["council"] == name).fillna(False)
    index = attributes.index[among(attributes.index, members.index) | also]
    return Council(_most_common(members["council_code"]) or "", name, index)


def _most_common(column: pd.Series) -> str | None:
    counts = column.dropna().value_counts()
    return None if counts.empty else str(counts.index[0])


def _name_of_all(attributes: pd.DataFrame) -> str:
    names = attributes["council"].dropna().unique()
    if len(names) == 1:
        return str(names[0])
    return "Scotland" if attributes.index.str.startswith("S01").all() else "All areas"


def _unknown_council(asked: str, attributes: pd.DataFrame) -> UserError:
    known = attributes[["council", "council_code"]].dropna(subset=["council"]).drop_duplicates().sort_values("council")
    names = known["council"].drop_duplicates().to_list()
    both = [f"{name} ({code})" if isinstance(code, str) else name for name, code in known.itertuples(index=False)]
    if _COUNCIL_CODE.fullmatch(asked.upper()) and attributes["council_code"].isna().all():
        return UserError(
            f"No file says which areas belong to the council {asked}.",
            not_done=NOT_DONE,
            remedy="Add the data zone lookup, which has the codes of councils"
            + (f"; or give the name of the council, such as --council '{names[0]}'." if names else "."),
        )
    near = difflib.get_close_matches(asked, names, n=1, cutoff=0.6)
    return UserError(
        f"No area in these files belongs to the council {asked}.",
        not_done=NOT_DONE,
        remedy=(f"Did you mean '{near[0]}'? " if near else "")
        + f"Give a code such as S12000028, a name, or all. Councils in the files: {listed(both, 40) or 'none'}.",
    )


def note_vintages(used: Mapping[str, Collection[str]], faults: Faults) -> int:
    """Return the one vintage of all codes; note files that mix vintages, or have another one than the rest.

    used: what is used, by file name, the most telling first: the codes in it.
    """
    first: tuple[str, int] | None = None
    for name, codes in used.items():
        years = vintage_of(pd.Index(list(codes)))
        unknown = np.array(list(codes), dtype=object)[(years == 0) | (years == 2001)]
        if unknown.size:
            found = f"{unknown.size:,} codes are no data zones of 2011 or 2022 ({listed(sorted(unknown), 3)})."
            faults.add(name, found, "Use files for data zones of 2011.")
            continue
        present = sorted({int(year) for year in years})
        if len(present) > 1:
            faults.add(name, "data zones of 2011 and of 2022 are mixed.", "Use files for one set of data zones.")
        elif present and first is None:
            first = (name, present[0])
        elif present and first is not None and present[0] != first[1]:
            faults.add(name, *other_vintage(present[0], first))
    return first[1] if first else 2011


def other_vintage(year: int, first: tuple[str, int]) -> tuple[str, str]:
    """Return (found, remedy) for a file whose data zones are those of another year than the first file's."""
    found = f"its codes are data zones of {year}, but those of {first[0]} are of {first[1]}; they are different areas."
    return found, f"Download the edition for data zones of {first[1]}."


def area_table(attributes: pd.DataFrame, council: Council, vintage: int, population: pd.Series) -> pd.DataFrame:
    """Return the columns of `area` in schema.sql but has_boundary, by area code."""
    zone = attributes["intermediate_zone"]
    code = pd.Series(attributes.index, index=attributes.index)
    fallback = zone.str.cat(" (" + code + ")").fillna(code)
    in_council = among(attributes.index, council.members)
    council_code = attributes["council_code"]
    if council.code != EVERYWHERE:
        council_code = council_code.mask(council_code.isna() & in_council, council.code or None)
    return attributes.assign(
        name=attributes["name"].fillna(fallback),
        council_code=council_code,
        council=attributes["council"].mask(attributes["council"].isna() & in_council, council.name),
        geography="data zone",
        vintage=vintage,
        population=population.reindex(attributes.index).round().astype("Int64"),
        in_council=in_council,
    )
