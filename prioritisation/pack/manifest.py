"""manifest.json and datapackage.json: what the pack was made from, and what its tables hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from prioritisation import __version__
from prioritisation.pack.briefing_round import round_record
from prioritisation.pack.community import community_columns
from prioritisation.pack.content import Content
from prioritisation.pack.lists import Column, cohort_columns, shortlist_columns, values_columns
from prioritisation.pack.receiver import FORMAT

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_OPEN_GOVERNMENT = "Open Government Licence v3.0"
_OPEN_GOVERNMENT_TEXT = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_MEDIA = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}


def manifest(content: Content, files: Mapping[str, bytes], signed_by: str | None) -> bytes:
    """Return manifest.json. files: all that it lists; signed_by: name of the key that signs it, None when none does."""
    release, framework = content.ranking.release, content.scenario.framework
    weights = zip(framework.priorities, content.scenario.percentages, content.scenario.weights, strict=True)
    return as_json(
        {
            "format": FORMAT,
            "title": content.title,
            "note": content.note,
            "state": content.state,
            "dated": _moment(content.dated),
            "expires": content.expires,
            "software": {"name": "prioritisation", "version": __version__},
            "scenario": {"id": content.scenario.id, "choices": json.loads(content.scenario.to_json())},
            "weights": [
                {"id": each.id, "name": each.name, "percentage": percentage, "share": share}
                for each, percentage, share in weights
            ],
            "aggregate": framework.aggregate,
            "cut": framework.cut,
            "release": {
                "id": release.id,
                "built_at": release.built_at,
                "council": release.council,
                "council_name": release.council_name,
                "demonstration": release.demonstration,
                "software_version": release.software_version,
                "fingerprint": release.fingerprint,
            },
            "inputs": _inputs(content),
            "decision": _decision(content),
            "round": round_record(content),
            "audit_head": content.audit_head,
            "signed_by": signed_by,
            "files": [{"path": name, **_sums(files[name])} for name in sorted(files)],
        }
    )


def datapackage(content: Content, files: Mapping[str, bytes]) -> bytes:
    """Return datapackage.json (Data Package, version 2). files: those that it describes."""
    described = {"shortlist.csv": shortlist_columns(content), "values.csv": values_columns(content)}
    described |= {"cohorts.csv": cohort_columns(), "community.csv": community_columns()}
    name = f"shortlist-{content.scenario.id}-{content.ranking.release.id}".lower()
    return as_json(
        {
            "$schema": PROFILE,
            "name": name,
            "title": content.title,
            "description": " ".join(part for part in (content.state, content.note) if part),
            "created": _moment(content.dated),
            "version": content.decision.latest.id if content.decision else content.scenario.id,
            "licenses": [_licence(str(title)) for title in dict.fromkeys(content.sources["licence"]) if title],
            "sources": [_source(row) for row in content.sources.to_dict("records")],
            "resources": [_resource(file, files[file], described.get(file)) for file in sorted(files)],
        }
    )


def as_json(value: object) -> bytes:
    """Return JSON for people and programs: indented, in the order given, no NaN."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _resource(file: str, content: bytes, columns: Sequence[Column] | None) -> dict[str, Any]:
    stem, _, ending = file.rpartition(".")
    name = f"{stem}-{ending}".lower()
    made: dict[str, Any] = {"name": name, "path": file, "format": ending, "mediatype": _MEDIA[ending]}
    made |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    if columns is not None:
        fields = [{"name": each.name, "type": each.type, "description": each.meaning} for each in columns]
        schema = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields}
        made |= {"type": "table", "encoding": "utf-8", "schema": schema}
    return made


def _source(row: Mapping[Any, Any]) -> dict[str, str]:
    made = {"title": f"{row['publisher']}: {row['title']}"}
    return made | ({"path": str(row["url"])} if row["url"] else {})


def _licence(title: str) -> dict[str, str]:
    """Return a licence with the name that its kind has in Open Definition lists, where it has one."""
    if title == _OPEN_GOVERNMENT:
        return {"name": "OGL-UK-3.0", "path": _OPEN_GOVERNMENT_TEXT, "title": title}
    return {"name": "".join(letter if letter.isalnum() else "-" for letter in title.lower()).strip("-"), "title": title}


def _inputs(content: Content) -> list[dict[str, Any]]:
    used = content.loaded_files[content.loaded_files["used"]]
    return [
        {"file": row["file_name"], "kind": row["kind"], "sha256": row["sha256"], "bytes": int(row["bytes"])}
        for row in used.to_dict("records")
    ]


def _decision(content: Content) -> dict[str, Any] | None:
    """Return what was decided, by whom, as it stands; every person is named by role and organisation only."""
    found = content.decision
    if found is None:
        return None
    return {
        "id": found.id,
        "state": found.latest.id,
        "list_id": found.agreed.id,
        "agreed": list(found.agreed.codes),
        "agreed_at": _moment(found.decision.at),
        "agreed_by": found.decision.who.described,
        "verified": found.decision.verified,
        "reason": found.decision.reason,
        "patch": _patch(content),
        "cohorts": list(content.cohorts_agreed),
        "superseded_at": _moment(found.superseded_by.at) if found.superseded_by else None,
        "overrides": [
            {
                "id": each.id,
                "do": each.details["do"],
                "code": each.details["code"],
                "reason": each.reason,
                "review_on": each.details["review_on"],
                "by": each.who.described,
                "at": _moment(each.at),
            }
            for each in found.overrides
        ],
        "sign_offs": [
            {
                "by": each.record.who.described,
                "at": _moment(each.record.at),
                "of_this_list": each.of_this_list,
                "note": each.record.reason,
            }
            for each in found.sign_offs
        ],
    }


def _patch(content: Content) -> dict[str, Any] | None:
    """Return the patch that was agreed with the list."""
    found = content.patch
    if found is None:
        return None
    return {
        "areas": list(found.codes),
        "objective": found.objective,
        "people": found.people,
        "people_asked": list(found.asked),
        "areas_asked_in": list(found.asked_in),
        "areas_asked_out": list(found.asked_out),
        "locality_asked": found.within,
        "share_held": found.share_held,
        "by_hand": found.by_hand,
        "proven": found.proven,
        "just_outside": list(found.outside),
        "sentences": list(found.sentences),
    }


def _sums(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
