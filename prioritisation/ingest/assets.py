"""Assets of a place from a register of organisations, by the area of each one's postcode.

The postcode itself is not kept: where an organisation has no office, the register holds a trustee's home.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from prioritisation.ingest.codes import texts
from prioritisation.ingest.faults import Faults, counted
from prioritisation.ingest.tables import RawTable, header_key

REGISTER_SOURCE = "charity_register"  # in sources.csv
ABOUT_LONGEST = 400
IN_USE = "active"
ASSET_COLUMNS = ("asset_id", "name", "about", "area_code", "source_id")


@dataclass(frozen=True)
class RegisterColumns:
    """Headers of a register; as the Scottish Charity Register has them. The first three must be there.

    works_in: names the council that the organisation works in; status: "Active", where the register keeps others.
    """

    number: str = "Charity Number"
    name: str = "Charity Name"
    postcode: str = "Postcode"
    about: str = "Purposes"
    works_in: str = "Main Operating Location"
    status: str = "Charity Status"

    @property
    def needed(self) -> tuple[str, ...]:
        return self.number, self.name, self.postcode


@dataclass(frozen=True, eq=False)
class Assets:
    """What a register gave. table: ASSET_COLUMNS; the rest are counts of its rows.

    unplaced: said to work in this council, with a postcode that the lookup does not have; elsewhere: other councils';
    ended: no longer active; repeated: a number that an earlier row has.
    """

    table: pd.DataFrame
    rows: int
    ended: int
    repeated: int
    unplaced: int
    elsewhere: int

    @property
    def sentence(self) -> str:
        """What became of the rows."""
        areas = self.table["area_code"].nunique()
        said = [f"{len(self.table):,} of {self.rows:,} rows placed in {counted(areas, 'area', 'areas')}"]
        said += [f"{self.unplaced:,} of this council not placed: no known postcode"] if self.unplaced else []
        said += [f"{self.elsewhere:,} of other places left out"] if self.elsewhere else []
        said += [f"{self.ended:,} no longer active left out"] if self.ended else []
        said += [f"{self.repeated:,} repeated left out"] if self.repeated else []
        return "; ".join(said)


def no_assets() -> pd.DataFrame:
    """Return the table of a release without any."""
    return pd.DataFrame({name: [] for name in ASSET_COLUMNS}, dtype="str")


def is_register(table: RawTable, columns: RegisterColumns | None = None) -> bool:
    """Whether the table has the columns that place its organisations."""
    needed = (columns or RegisterColumns()).needed
    return all(header_key(each) in table.frame for each in needed)


def read_assets(
    table: RawTable,
    columns: RegisterColumns,
    *,
    postcodes: pd.DataFrame,
    council_name: str,
    source_id: str,
    faults: Faults,
) -> Assets:
    """Return the organisations of a register whose postcode is in the lookup (columns: postcode, area_code).

    Noted as faults: an organisation that would be placed and has no name or number.
    """
    every = _columns(table, columns)
    active = every["status"].eq("") | every["status"].str.casefold().eq(IN_USE)
    rows = every[active]
    repeated = rows["number"].duplicated() & rows["number"].ne("")
    rows = rows[~repeated]
    lookup = postcodes.set_index("postcode")["area_code"]
    area = rows["postcode"].str.upper().str.replace(r"\s", "", regex=True).map(lookup)
    ours = rows["works_in"].map(_plain_name).eq(_plain_name(council_name)) | rows["works_in"].eq("")
    placed = rows[area.notna()]
    _note_nameless(table, columns, placed, faults)
    found = pd.DataFrame(
        {
            "asset_id": placed["number"],
            "name": placed["name"],
            "about": placed["about"].str.slice(0, ABOUT_LONGEST),
            "area_code": area[area.notna()],
            "source_id": source_id,
        }
    )
    unplaced = int((area.isna() & ours).sum())
    elsewhere = int((area.isna() & ~ours).sum())
    made = found.sort_values(["area_code", "name", "asset_id"]).reset_index(drop=True).astype("str")
    return Assets(made, len(every), int((~active).sum()), int(repeated.sum()), unplaced, elsewhere)


def _columns(table: RawTable, columns: RegisterColumns) -> pd.DataFrame:
    """Return the columns under our own names; one that the register lacks is empty."""
    frame = table.frame
    nothing = pd.Series("", index=frame.index, dtype="str")
    keys = {each.name: header_key(getattr(columns, each.name)) for each in fields(columns)}
    return pd.DataFrame({name: texts(frame[key]) if key in frame else nothing for name, key in keys.items()})


def _plain_name(name: str) -> str:
    """Return the name of a council in the form used for comparing."""
    return " ".join(name.casefold().replace("&", "and").split())


def _note_nameless(table: RawTable, columns: RegisterColumns, rows: pd.DataFrame, faults: Faults) -> None:
    for name in ("number", "name"):
        header = getattr(columns, name)
        empty = rows.index[rows[name].eq("")]
        remedy = "Fill it in, or take the row out."
        faults.add_rows(((table.where(row, header_key(header)), "is empty.") for row in empty), remedy)
