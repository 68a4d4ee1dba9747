"""The workspace's tables as queries name them; sql/workspace_*.sql creates them, and a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, Dialect, ForeignKey, Integer, MetaData, Table, Text, TypeDecorator

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept as text so that both databases hold, sort and back up the very same characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC).strftime(TIME_FORMAT)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC)


metadata = MetaData()

workspace = Table(
    "workspace",
    metadata,
    Column("only_row", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("change_number", BigInteger, nullable=False),
)

scenario = Table(
    "scenario",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("release_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("duplicated_from", Text, ForeignKey("scenario.id")),
    Column("rerun_of", Text, ForeignKey("scenario.id")),
    Column("changed", BigInteger, nullable=False),
)
