"""Names and memberships of areas, localities and postcodes, from whichever files carry them."""

from __future__ import annotations

import re

import pandas as pd

from prioritisation.ingest.codes import POSTCODE, area_rows, note_duplicates, texts
from prioritisation.ingest.faults import Faults, shown
from prioritisation.ingest.recognise import COUNCIL_CODE_KEY, locality_key, postcode_key
from prioritisation.ingest.tables import RawTable

_ZONE = r"(iz|int_?zone|inter_?zone|intermediate_?zone)(20)?\d*"
# Headers of the Scottish Government's, Public Health Scotland's and statistics.gov.scot's files, as keys.
_ATTRIBUTES = {
    "name": re.compile(r"(dz|data_?zone)(20)?\d*_?name|name|area_name"),
    "council_code": COUNCIL_CODE_KEY,
    "council": re.compile(
        r"(la|ca|council|local_authority)(_?area)?(20)?\d*_?(name|nm)|council(_area)?|local_authority"
    ),
    "intermediate_zone_code": re.compile(rf"{_ZONE}_?(code|cod|cd)?"),
    "intermediate_zone": re.compile(rf"{_ZONE}(_?(name|nam|nm))?"),
    "ward": re.compile(r"(mm_?ward|ward)(20)?\d*_?name|ward"),
    "urban_rural": re.compile(r"ur6(_20\d\d)?_?name|urban_rural(_class)?(_6)?(_?name)?"),
}
ATTRIBUTES = (*_ATTRIBUTES, "locality")
_ENDED = re.compile(r"(date_?of_?)?(deletion|termination|doterm)(_date)?")
_LOOKS_LIKE_CODE = re.compile(r"[A-Z]\d{8}")


def area_attributes(table: RawTable, codes: pd.Series) -> pd.DataFrame:
    """Return what the table says of its areas: the columns of ATTRIBUTES that it has, by area code; NA when empty."""
    keys = {attribute: _key_of(table, attribute, pattern) for attribute, pattern in _ATTRIBUTES.items()}
    keys["locality"] = locality_key(table)
    rows = table.frame.loc[codes.index]
    found = {attribute: texts(rows[key]).to_numpy() for attribute, key in keys.items() if key is not None}
    frame = pd.DataFrame(found, index=pd.Index(codes, name="area_code"), dtype="str")
    frame = frame.mask(frame == "")
    return frame[~frame.index.duplicated()]


def _key_of(table: RawTable, attribute: str, pattern: re.Pattern[str]) -> str | None:
    """Return the column of an attribute. A heading without 'code' or 'name' is told by its cells."""
    for key in table.frame.columns:
        if pattern.fullmatch(key) is None:
            continue
        says_code = re.search(r"(code|cod|cd)$", key) is not None
        bare = not says_code and re.search(r"(name|nam|nm)$", key) is None
        filled = texts(table.frame[key].iloc[:200])
        holds_codes = says_code or (bare and filled[filled != ""].str.fullmatch(_LOOKS_LIKE_CODE).mean() > 0.5)
        if holds_codes == attribute.endswith("_code"):
            return str(key)
    return None


def read_area_lookup(table: RawTable, column: str, faults: Faults) -> pd.DataFrame:
    """Return the attributes of each area by area code; a second row for an area is a fault."""
    codes = area_rows(table, column, faults)
    note_duplicates(table, codes, column, faults)
    return area_attributes(table, codes)


def read_localities(table: RawTable, column: str, faults: Faults) -> pd.DataFrame:
    """Return the locality of each area by area code; an area without a name of a locality is a fault."""
    codes = area_rows(table, column, faults)
    note_duplicates(table, codes, column, faults)
    attributes = area_attributes(table, codes)[["locality"]]
    unnamed = attributes.index[attributes["locality"].isna()]
    key = locality_key(table)
    places = ((table.where(codes.index[codes == code][0], key), f"{code} has no locality.") for code in unnamed)
    faults.add_rows(places, "Write the name of its locality, or take the row out.")
    return attributes


def read_postcodes(table: RawTable, column: str, faults: Faults) -> pd.DataFrame:
    """Return postcode (capitals, no spaces) and area_code. Postcodes no longer in use are left out."""
    codes = area_rows(table, column, faults)
    key = postcode_key(table)
    written = texts(table.frame.loc[codes.index, key]).str.upper()
    in_use = _in_use(table, codes)
    wrong = written.index[in_use & ~written.str.fullmatch(POSTCODE)]
    faults.add_rows(
        ((table.where(row, key), f"{shown(table.frame.loc[row, key])} is not a postcode.") for row in wrong),
        "Correct it, or take the row out.",
    )
    pairs = pd.DataFrame({"postcode": written.str.replace(r"\s", "", regex=True), "area_code": codes})[in_use]
    distinct = pairs.drop_duplicates()
    torn = distinct[distinct["postcode"].duplicated()]
    faults.add_rows(
        ((table.where(row, key), f"{each.postcode} is in two areas.") for row, each in torn.iterrows()),
        "Keep the area in which most of its addresses are.",
    )
    return distinct.reset_index(drop=True)


def _in_use(table: RawTable, codes: pd.Series) -> pd.Series:
    ended = [key for key in table.frame.columns if _ENDED.fullmatch(key)]
    if not ended:
        return pd.Series(True, index=codes.index)
    return texts(table.frame.loc[codes.index, ended[0]]) == ""
