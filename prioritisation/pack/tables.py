"""Tables as CSV, safe to open in a spreadsheet; the ranked list first among them."""

from __future__ import annotations

import pandas as pd

from prioritisation.prioritise import NOT_SCORED, Prioritisation

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def ranked_list(prioritisation: Prioritisation) -> pd.DataFrame:
    """Return the ranked list as files carry it, each row with its provenance.

    Columns: id, name, rank, score, a column per priority, coverage, locality, population, status, scenario,
    release, framework, framework_status, note.
    """
    table = prioritisation.table()
    described = [name for name in ("locality", "population") if name in table]
    table = table[[name for name in table if name not in described] + described]
    table["status"] = table["rank"].notna().map({True: "scored", False: NOT_SCORED})
    return table.assign(**prioritisation.stamp())


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV. Text that a spreadsheet would run as a formula is put behind an apostrophe."""
    safe = table.copy()
    for column in safe.select_dtypes(exclude="number"):
        text = safe[column].astype("string")
        safe[column] = text.where(~text.str.startswith(FORMULA_STARTS).fillna(False), "'" + text)
    return safe.to_csv(index=False, lineterminator="\r\n")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return the same in UTF-8 with the mark that makes Excel read it as such."""
    return csv_text(table).encode("utf-8-sig")
