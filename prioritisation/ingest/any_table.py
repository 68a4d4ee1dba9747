"""Any table of any units, for ranking with no store: an id column and the framework's columns as numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from prioritisation.catalogue import Catalogue
from prioritisation.errors import Fault, UserError
from prioritisation.framework import Framework
from prioritisation.ingest import containers
from prioritisation.ingest.cells import BAD, read_cells
from prioritisation.ingest.codes import texts
from prioritisation.ingest.faults import Faults, listed, shown
from prioritisation.ingest.tables import RawTable, Unreadable, header_key, read_tables

NAME_COLUMNS = ("name", "area_name", "dz11_name", "dz2011_name", "data_zone_name")
READABLE = (containers.TEXT, containers.XLSX, containers.PARQUET)
NOT_RANKED = "Nothing was ranked, and no file was written."


def read_any_table(
    path: Path, id_column: str | None, framework: Framework, catalogue: Catalogue
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (names, values), both by id: `name` where the table has one, and unit x indicator numbers.

    A framework's indicator is the column of that name, else the column the catalogue gives for it. Suppressed and
    missing cells are NaN. UserError with every fault: no such file or column, ids empty or twice, text for numbers.
    """
    tables = _tables(path)
    table = _with_column(tables, id_column)
    faults = Faults()
    ids = texts(table.frame[header_key(id_column)])
    _note_ids(table, ids, str(id_column), faults)
    columns = {name: _column(table, name, catalogue) for name in framework.indicator_ids}
    numbers = {name: _numbers(table, key, name, faults) for name, key in columns.items()}
    _note_polarity(framework, catalogue, faults)
    if faults:
        raise _refusal(f"{path.name} cannot be ranked by the framework '{framework.id}'.", faults.all)
    index = pd.Index(ids.to_list(), name="id")
    named = next((key for key in NAME_COLUMNS if key in table.frame and key != header_key(id_column)), None)
    names = pd.DataFrame({"name": texts(table.frame[named]).to_numpy()} if named else {}, index=index)
    return names, pd.DataFrame(numbers).set_axis(index)


def _refusal(found: str, faults: tuple[Fault, ...] = (), remedy: str = "Mend the file and try again.") -> UserError:
    return UserError(found, not_done=NOT_RANKED, remedy=remedy, faults=faults)


def _tables(path: Path) -> list[RawTable]:
    if not path.is_file():
        raise _refusal(f"There is no file {path}.", remedy="Check the name after --table.")
    try:
        kind = containers.container(path)
        if kind not in READABLE:
            raise _refusal(f"{path.name} is not a table ({kind}).", remedy="Give a CSV file, or an XLSX workbook.")
        tables = read_tables(path, path.name, kind)
    except Unreadable as fault:
        raise _refusal(f"{path.name}: {fault.found}", remedy=fault.remedy) from fault
    except OSError as fault:
        raise _refusal(f"{path.name} cannot be read ({fault.strerror}).", remedy="Check who may read it.") from fault
    filled = [table for table in tables if len(table.frame)]
    if not filled:
        raise _refusal(f"{path.name} holds no rows below its header.", remedy="Save the table again and retry.")
    return filled


def _with_column(tables: list[RawTable], id_column: str | None) -> RawTable:
    headers = listed(tables[0].headers.values(), most=12)
    if id_column is None:
        raise _refusal("It is not said which column names the rows.", remedy=f"Add --id COLUMN, one of: {headers}.")
    for table in tables:
        if header_key(id_column) in table.frame:
            return table
    found = f"{tables[0].name} has no column '{id_column}'."
    raise _refusal(found, remedy=f"Add --id with one of: {headers}.")


def _note_ids(table: RawTable, ids: pd.Series, column: str, faults: Faults) -> None:
    empty = ids.index[ids == ""]
    faults.add_rows(((table.where(row), f"nothing is written in {column}.") for row in empty), "Give the row an id.")
    again = ids[ids.duplicated() & (ids != "")]
    faults.add_rows(
        ((table.where(row), f"{shown(cell)} is there twice.") for row, cell in again.items()), "Keep one row for each."
    )


def _column(table: RawTable, name: str, catalogue: Catalogue) -> str | None:
    known = catalogue.indicators.get(name)
    candidates = [header_key(name), *([header_key(known.column)] if known and known.column else [])]
    return next((key for key in candidates if key in table.frame), None)


def _numbers(table: RawTable, key: str | None, name: str, faults: Faults) -> pd.Series:
    if key is None:
        remedy = f"The columns are: {listed(table.headers.values(), most=12)}."
        faults.add(table.where(), f"there is no column for the indicator '{name}'.", remedy)
        return pd.Series(dtype=float)
    if table.headers[key] in table.twice:
        faults.add(table.where(key=key), "two columns have this name.", "Rename one of them.")
    cells = read_cells(table.frame[key])
    bad = table.frame.index[cells.status == BAD]
    faults.add_rows(
        ((table.where(row, key), f"{shown(table.frame.loc[row, key])} is not a number.") for row in bad),
        "Write a number, * for a suppressed value, or leave the cell empty.",
    )
    return pd.Series(cells.value, index=table.frame.index)


def _note_polarity(framework: Framework, catalogue: Catalogue, faults: Faults) -> None:
    for priority in framework.priorities:
        for entry in priority.indicators:
            if entry.polarity is None and entry.id not in catalogue.indicators:
                remedy = (
                    'Write { id = "'
                    + entry.id
                    + '", share = 1.0, polarity = "higher_is_worse" } (or higher_is_better).'
                )
                faults.add(f"framework {framework.id}", f"the indicator '{entry.id}' has no polarity.", remedy)
