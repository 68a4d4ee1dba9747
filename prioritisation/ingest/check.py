"""Check a new release in a fresh process: python -m prioritisation.ingest.check FILE < expected.json

expected: {"schema_version": 2, "rows": {"area": 153, ...}}. Exit code 0 and "ok", or 1 and the faults.
Imports little on purpose: it runs at every import, and must not share the builder's state.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import duckdb

_ROWS = {
    "fact": "SELECT count(*) FROM fact",
    "source": "SELECT count(*) FROM source",
    "indicator": "SELECT count(*) FROM indicator",
    "area": "SELECT count(*) FROM area",
    "observation": "SELECT count(*) FROM observation",
    "postcode": "SELECT count(*) FROM postcode",
    "loaded_file": "SELECT count(*) FROM loaded_file",
    "population": "SELECT count(*) FROM population",
    "cube": "SELECT count(*) FROM cube",
    "cohort": "SELECT count(*) FROM cohort",
    "cube_fact": "SELECT count(*) FROM cube_fact",
    "asset": "SELECT count(*) FROM asset",
}
_MUST_BE_NONE = {
    "observations of unknown areas": "SELECT count(*) FROM observation ANTI JOIN area USING (area_code)",
    "observations of unknown indicators": "SELECT count(*) FROM observation ANTI JOIN indicator USING (indicator_id)",
    "indicators of unknown sources": "SELECT count(*) FROM indicator ANTI JOIN source USING (source_id)",
    "repeated observations": (
        "SELECT count(*) FROM (SELECT 1 FROM observation GROUP BY area_code, indicator_id, period HAVING count(*) > 1)"
    ),
    "values that are no number": "SELECT count(*) FROM observation WHERE isnan(value) OR isinf(value)",
    "states that do not fit their value": (
        "SELECT count(*) FROM observation WHERE (status IN ('suppressed', 'missing')) <> (value IS NULL) "
        "OR (status = 'zero') <> coalesce(value = 0, false)"
    ),
    "suppressed counts of people with a number": (
        "SELECT count(*) FROM cube WHERE (status = 'suppressed') <> (people IS NULL) "
        "OR (people IS NULL AND contacts IS NOT NULL)"
    ),
    "counts of people too small to publish": "SELECT count(*) FROM cube WHERE people < 10",
}
_HAS_COUNCIL = "SELECT count(*) FROM area WHERE in_council"
_VERSION = "SELECT value FROM fact WHERE name = 'schema_version'"


def faults_of(path: str, expected: Mapping[str, object]) -> list[str]:
    """Return what is wrong with a release file; an empty list when it is as expected."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
        "lock_configuration": "true",
    }
    with duckdb.connect(path, read_only=True, config=config) as connection:

        def one(statement: str) -> object:
            row = connection.execute(statement).fetchone()
            return row[0] if row else None

        wanted = dict(expected["rows"])  # type: ignore[call-overload]
        found = {name: one(statement) for name, statement in _ROWS.items()}
        faults = [
            f"{name}: {found[name]} rows instead of {count}" for name, count in wanted.items() if found[name] != count
        ]
        faults += [f"{count} {name}" for name, statement in _MUST_BE_NONE.items() if (count := one(statement))]
        if one(_VERSION) != str(expected["schema_version"]):
            faults.append(f"layout {one(_VERSION)} instead of {expected['schema_version']}")
        if not one(_HAS_COUNCIL):
            faults.append("no area of the council")
    return faults


def main() -> int:
    """Run the check from the command line."""
    try:
        faults = faults_of(sys.argv[1], json.load(sys.stdin))
    except duckdb.Error as fault:
        faults = [f"the file cannot be opened again ({type(fault).__name__})"]
    print("; ".join(faults) or "ok")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
