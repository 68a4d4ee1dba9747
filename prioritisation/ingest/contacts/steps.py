"""The named SQL steps of counting: one file each in sql/cube, values only through $parameters."""

from __future__ import annotations

import duckdb
import pandas as pd

from prioritisation.ingest.contacts.named_sql import statement


class Steps:
    """Runs steps on one connection to the restricted store."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def run(self, name: str, **parameters: object) -> None:
        """Run a step for what it writes."""
        self.connection.execute(statement(f"cube/{name}"), parameters or None)

    def read(self, name: str, **parameters: object) -> pd.DataFrame:
        """Run a step and return its rows."""
        return self.connection.execute(statement(f"cube/{name}"), parameters or None).df()

    def fill(self, table: str, rows: pd.DataFrame) -> None:
        """Add rows to one of the tables of tables.sql, by the order of the columns."""
        self.connection.register("filling", rows)
        try:
            self.connection.table("filling").insert_into(table)
        finally:
            self.connection.unregister("filling")
