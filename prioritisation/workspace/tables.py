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
        return None if value is None else utc_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.strptime(value, TIME_FORMAT).replace(tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """Return a moment as it is stored."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone cannot be stored")
    return moment.astimezone(UTC).strftime(TIME_FORMAT)


metadata = MetaData()

workspace = Table(
    "workspace",
    metadata,
    Column("only_row", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("change_number", BigInteger, nullable=False),
    Column("audit_sequence", BigInteger, nullable=False),
    Column("audit_head", Text, nullable=False),
    Column("audit_key", Text, nullable=False),
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
    Column("from_round", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True),
    Column("change_number", BigInteger, nullable=False),
    Column("at", Text, nullable=False),  # the very characters that are signed
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, ForeignKey("decision.id")),
    Column("role", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("release_id", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("framework_id", Text, nullable=False),
    Column("framework_hash", Text, nullable=False),
    Column("weights", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("cut", Integer, nullable=False),
    Column("application", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("saved_id", Text, ForeignKey("scenario.id")),
    Column("choices", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("release_id", Text, nullable=False),
    Column("overrides", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

voting_round = Table(
    "voting_round",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("scenario_id", Text, nullable=False),
    Column("saved_id", Text, ForeignKey("scenario.id")),
    Column("release_id", Text, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("way", Text, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("first_round", Text, ForeignKey("voting_round.id")),
    Column("state", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

ballot = Table(
    "ballot",
    metadata,
    Column("id", Text, primary_key=True),
    Column("round_id", Text, ForeignKey("voting_round.id"), nullable=False),
    Column("token_hash", Text, unique=True),
    Column("organisation", Text, nullable=False),
    Column("paper", Boolean, nullable=False),
    Column("weights", Text),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

knowledge = Table(
    "knowledge",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("geography", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("scores", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("known_on", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed", BigInteger, nullable=False),
)

knowledge_state = Table(
    "knowledge_state",
    metadata,
    Column("knowledge_id", Text, ForeignKey("knowledge.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
