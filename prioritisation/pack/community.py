"""Community knowledge in a pack: what stood accepted when the decision was last recorded, as a table of its own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prioritisation.pack.content import Content
from prioritisation.pack.lists import Column
from prioritisation.workspace.knowledge import Known

NEVER_SCORED = "Community knowledge is shown beside the numbers; it changed no score, rank or list by itself."
_COLUMNS = (
    Column("id", "string", "Id of the contribution"),
    Column("geography", "string", "area or locality"),
    Column("place", "string", "Code of the area, or name of the locality"),
    Column("place_name", "string", "Name of the place"),
    Column("kind", "string", "known (what people here know), asset, concern or place standard"),
    Column("words", "string", "What was said"),
    Column("theme", "string", "Place Standard: id of the theme; empty for words alone"),
    Column("score", "integer", "Place Standard: 1 means a lot of room for improvement, 7 very little"),
    Column("source", "string", "Where it was learnt"),
    Column("organisation", "string", "Organisation of its author, as declared"),
    Column("known_on", "date", "Day that it is of"),
    Column("confidence", "string", "low, medium or high, as the author declared"),
    Column("note", "string", "Demonstration data, where it is"),
)


def known_of_ranked(content: Content) -> tuple[Known, ...]:
    """Return the knowledge of areas that were ranked, and of their localities, the newest first."""
    names = places(content)
    return tuple(each for each in content.knowledge if each.given.place in names)


def places(content: Content) -> Mapping[str, str]:
    """Return code or locality -> name of every place of the ranking."""
    areas = content.ranking.areas
    return {name: name for name in areas["locality"].dropna()} | areas["name"].to_dict()


def community_table(content: Content) -> pd.DataFrame:
    """Return a row for each contribution of words, and one for each theme that was scored."""
    names = places(content)
    rows = [row for each in known_of_ranked(content) for row in _rows(each, names, content.note)]
    table = pd.DataFrame(rows, columns=[column.name for column in _COLUMNS])
    return table.astype({"score": "Int64"})


def community_columns() -> list[Column]:
    """Return the meaning of the columns of community.csv, in order."""
    return list(_COLUMNS)


def _rows(each: Known, names: Mapping[str, str], note: str) -> list[dict[str, object]]:
    given = each.given
    said: dict[str, object] = {
        "id": each.id,
        "geography": given.geography,
        "place": given.place,
        "place_name": names[given.place],
        "kind": given.kind,
        "words": given.words,
        "theme": "",
        "score": None,
        "source": given.source,
        "organisation": given.organisation,
        "known_on": each.known_on.isoformat(),
        "confidence": given.confidence,
        "note": note,
    }
    return [said | {"theme": theme, "score": score} for theme, score in sorted(given.scores.items())] or [said]
