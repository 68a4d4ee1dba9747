"""Forms that are not filled in whole: everything that is missing is said at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prioritisation.errors import Fault, UserError, faults_of
from prioritisation.workspace.overrides import wanted_override
from prioritisation.workspace.records import Who

NOTHING_SAVED = "Nothing was saved."


def refuse_incomplete(who: Who, wanted: dict[str, Any]) -> None:
    """Refuse with everything that is missing at once: who, the area, the reason, the review date, the place."""
    code, today = wanted["code"], datetime.now(UTC).date()
    faults = [] if code else [Fault("area", "is not chosen.", "Choose an area.")]
    faults += faults_of(lambda: wanted_override(**wanted, today=today))
    faults += faults_of(who.checked)
    if faults:
        raise incomplete(faults)


def incomplete(faults: list[Fault]) -> UserError:
    """Return the refusal of a form in which something is missing."""
    return UserError(
        "Something is still needed before this can be saved.",
        not_done=NOTHING_SAVED,
        remedy="Mend what is named above, then save again.",
        faults=faults,
    )
