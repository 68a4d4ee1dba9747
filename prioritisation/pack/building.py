"""The pack as one zip: the same decision on the same release gives the same bytes on any day."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prioritisation.folder import DataFolder
from prioritisation.pack import receiver
from prioritisation.pack.briefing import briefing_files
from prioritisation.pack.community import community_table, known_of_ranked
from prioritisation.pack.content import Content, decision_content, scenario_content
from prioritisation.pack.lists import shortlist_table, values_table
from prioritisation.pack.manifest import datapackage, manifest
from prioritisation.pack.places import place_files
from prioritisation.pack.signing import Signer, configured_signer
from prioritisation.pack.tables import csv_bytes
from prioritisation.pack.wording import read_me_text
from prioritisation.pack.workbook import workbook
from prioritisation.scenario import Scenario
from prioritisation.store import Release
from prioritisation.workspace import Workspace

README, VERIFY, DATAPACKAGE = "README.txt", "verify.py", "datapackage.json"
_FILE_MODE = 0o100644 << 16


@dataclass(frozen=True, eq=False)
class Pack:
    """A made pack. name: of its file; zipped: its bytes; files: the bytes of each file in it, by name."""

    name: str
    zipped: bytes
    files: Mapping[str, bytes]
    content: Content

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.zipped).hexdigest()


def decision_pack(folder: DataFolder, workspace: Workspace, identifier: str, until: str | None = None) -> Pack:
    """Make the pack of an agreed shortlist. UserError: see `decision_content`, `configured_signer`."""
    return build_pack(decision_content(folder, workspace, identifier, until))


def scenario_pack(folder: DataFolder, scenario: Scenario, council: str | None = None) -> Pack:
    """Make the pack of a mere scenario on the release in use, marked as not agreed."""
    return build_pack(scenario_content(folder, scenario, council))


def build_pack(content: Content, signer: Signer | None = None) -> Pack:
    """Make a pack of its content, signed by a key given, or by the one that is configured, if any."""
    signer = signer or configured_signer()
    files = {
        "shortlist.csv": csv_bytes(shortlist_table(content)),
        "values.csv": csv_bytes(values_table(content)),
        "shortlist.xlsx": workbook(content),
        **place_files(content),
    }
    if content.cohorts is not None:
        files["cohorts.csv"] = csv_bytes(content.cohorts.assign(note=content.note))
    if known_of_ranked(content):
        files["community.csv"] = csv_bytes(community_table(content))
    files |= briefing_files(content)
    files[DATAPACKAGE] = datapackage(content, files)
    files[VERIFY] = Path(receiver.__file__).read_bytes()
    rest = [receiver.MANIFEST, receiver.CHECKSUMS, *([receiver.SIGNATURE] if signer else [])]
    files[README] = read_me_text(content, [*files, README, *rest])
    files[receiver.MANIFEST] = manifest(content, files, signer.name if signer else None)
    if signer:
        files[receiver.SIGNATURE] = signer.sign(files[receiver.MANIFEST])
    files[receiver.CHECKSUMS] = receiver.checksums(files)
    decision_id = content.decision.id if content.decision else None
    name = pack_name(content.ranking.release, content.scenario.id, decision_id)
    return Pack(name, zipped(files, content.dated), files, content)


def zipped(files: Mapping[str, bytes], dated: datetime) -> bytes:
    """Return a zip of the files in the order of their names, all with one date."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (dated.year, dated.month, dated.day, dated.hour, dated.minute, 0))
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _FILE_MODE, 3
            pack.writestr(entry, files[name], compresslevel=9)
    return target.getvalue()


def pack_name(release: Release, scenario_id: str, decision_id: str | None) -> str:
    """Return a file name that says which decision or scenario on which release, and that it is a demonstration."""
    which = f"decision-{decision_id}" if decision_id else f"scenario-{scenario_id}"
    first = "demonstration-pack" if release.demonstration else "pack"
    return f"{first}-{which}-{release.id}.zip"
