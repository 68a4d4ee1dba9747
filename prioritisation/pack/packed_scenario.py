"""What a checked pack says of its scenario, read by a confined child: a pack is a file that anybody may have made.

`python -m prioritisation.pack.packed_scenario [KEY]` takes a pack's bytes on its standard input and says, as JSON,
{"packed": {...}} or {"refused": {...}}; whatever a pack does to it stays in there.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prioritisation.confined import answer, limit_this_process
from prioritisation.errors import Fault, UserError
from prioritisation.pack.checking import check_pack, require_whole
from prioritisation.pack.opening import UNREADABLE, opened
from prioritisation.pack.receiver import MANIFEST, SHORTLIST
from prioritisation.scenario import Scenario
from prioritisation.workspace.ids import is_id
from prioritisation.workspace.texts import NAME

NOT_OPENED = "No scenario was opened."
SECONDS = 60
MOST_SAID = 20_000_000
_RELEASE = re.compile(r"r\d{4,9}-[0-9a-f]{8}")
_BROKEN = (*UNREADABLE, TypeError, AttributeError, csv.Error)

Row = tuple[str, int, float, str]


@dataclass(frozen=True)
class PackedScenario:
    """What a checked pack says of its scenario. rows: id, rank, score, computed_list (yes or no), as it was sent.

    choices: the scenario as JSON; decision: id of the decision behind it, empty where there is none; signed_by: empty
    where nobody signed; digest: start of the zip's SHA-256.
    """

    choices: str
    rows: tuple[Row, ...]
    title: str
    state: str
    dated: str
    release_id: str
    fingerprint: str
    council: str
    council_name: str
    decision: str
    signed_by: str
    digest: str

    @property
    def scenario(self) -> Scenario:
        return Scenario.from_json(self.choices)


def read_scenario(zipped: bytes, trusted_key: str | None = None) -> PackedScenario:
    """Check a pack and read its scenario. UserError: it does not pass, or holds no scenario that this version reads."""
    module, key = "prioritisation.pack.packed_scenario", [trusted_key] if trusted_key is not None else []
    said = answer(module, key, zipped, seconds=SECONDS, most=MOST_SAID)
    if said is None:
        raise UserError(
            "Checking the pack took more time or memory than a pack ever needs.",
            not_done=NOT_OPENED,
            remedy="Ask whoever made the pack to send it again.",
        )
    try:
        return _understood(json.loads(said))
    except _BROKEN as fault:
        raise _damaged() from fault


def _understood(said: Mapping[str, Any]) -> PackedScenario:
    """Return what the child read, or raise what it refused; it is believed no type."""
    if "refused" in said:
        refused = said["refused"]
        faults = [Fault("", str(each)) for each in refused["faults"]]
        raise UserError(str(refused["found"]), not_done=NOT_OPENED, remedy=str(refused["remedy"]), faults=faults)
    packed = dict(said["packed"])
    rows = tuple((str(code), int(rank), float(score), str(listed)) for code, rank, score, listed in packed.pop("rows"))
    found = PackedScenario(rows=rows, **{name: str(value) for name, value in packed.items()})
    if not rows or found.scenario.to_json() != found.choices:
        raise ValueError("a ranking of nothing, or other choices than were read")
    return found


def main(trusted_key: str | None) -> None:
    """Limit this process, then check and read the pack on standard input."""
    limit_this_process(SECONDS)
    try:
        said: dict[str, object] = {"packed": asdict(_read(sys.stdin.buffer.read(), trusted_key))}
    except UserError as refused:
        faults = [str(each) for each in refused.faults]
        said = {"refused": {"found": refused.found, "remedy": refused.remedy, "faults": faults}}
    sys.stdout.write(json.dumps(said))


def _read(zipped: bytes, trusted_key: str | None) -> PackedScenario:
    require_whole(check_pack(zipped, trusted_key=trusted_key), NOT_OPENED)
    with opened(zipped) as pack:
        manifest = json.loads(pack.read(MANIFEST))
        text = pack.read(SHORTLIST).decode("utf-8-sig")
    scenario = _scenario(manifest)
    try:
        return _packed(scenario, manifest, text, hashlib.sha256(zipped).hexdigest()[:32])
    except _BROKEN as fault:
        raise _damaged() from fault


def _scenario(manifest: Mapping[str, Any]) -> Scenario:
    """Read the choices, and make sure that they are those that the pack's id stands for."""
    try:
        choices, identifier = manifest["scenario"]["choices"], manifest["scenario"]["id"]
        text = json.dumps(choices)
    except (KeyError, TypeError, ValueError) as fault:
        raise _damaged() from fault
    scenario = Scenario.from_json(text)
    if scenario.id != identifier:
        raise _damaged()
    return scenario


def _packed(scenario: Scenario, manifest: Mapping[str, Any], text: str, digest: str) -> PackedScenario:
    release, decision = manifest["release"], str((manifest["decision"] or {}).get("id", ""))
    rows = tuple(
        (row["id"], int(row["rank"] or 0), float(row["score"] or "nan"), row["computed_list"])
        for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)
    )
    if not rows:
        raise ValueError("a ranking of nothing")
    named = str(release["id"])
    return PackedScenario(
        choices=scenario.to_json(),
        rows=rows,
        title=str(manifest["title"])[: NAME.longest],
        state=str(manifest["state"]),
        dated=str(manifest["dated"])[:10],
        release_id=named if _RELEASE.fullmatch(named) else "",
        fingerprint=str(release["fingerprint"]),
        council=str(release["council"]),
        council_name=str(release["council_name"]),
        decision=decision if is_id(decision) else "",
        signed_by=str(manifest["signed_by"] or ""),
        digest=digest,
    )


def _damaged() -> UserError:
    return UserError(
        "The pack's scenario is damaged or was altered.",
        not_done=NOT_OPENED,
        remedy="Ask whoever made the pack to send it again.",
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
