"""Checking a pack: it passes as it was made, by Python alone too, and one changed byte anywhere fails."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packed import Decided

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.demonstration import write_demonstration
from prioritisation.ingest.open_data import import_open_data
from prioritisation.pack import receiver
from prioritisation.pack.building import Pack, build_pack, decision_pack, zipped
from prioritisation.pack.checking import check_pack
from prioritisation.scoring import overall, rank_units
from prioritisation.workspace import open_workspace


def run_alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the pack's own check with nothing but Python's standard library."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def rezipped(pack: Pack, files: dict[str, bytes]) -> bytes:
    return zipped(files, pack.content.dated)


def faults_of(files: dict[str, bytes]) -> list[str]:
    return receiver.check(files.__getitem__, list(files))


def refitted(pack: Pack, name: str, content: bytes) -> dict[str, bytes]:
    """Return the files with one changed, and every checksum made to fit it: what a careful forger would do."""
    files = {**pack.files, name: content}
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        if entry["path"] == name:
            entry |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    files["manifest.json"] = json.dumps(manifest).encode()
    rest = {each: files[each] for each in files if each != receiver.CHECKSUMS}
    return {**rest, receiver.CHECKSUMS: receiver.checksums(rest)}


def test_a_pack_passes_here_and_by_python_alone(decided: Decided, pack: Pack, unpacked: Path) -> None:
    found = check_pack(pack.zipped, decided.workspace)
    assert found.faults == ()
    assert "Its decision stands in the decision log here." in found.remarks
    alone = run_alone(unpacked)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert alone.stdout.startswith("PASS")
    assert "Demonstration data" in alone.stdout
    (unpacked / "pack.zip").write_bytes(pack.zipped)
    assert run_alone(unpacked, "pack.zip").returncode == 0


def test_one_changed_byte_in_any_file_fails(pack: Pack) -> None:
    seeded = random.Random(5)
    names = sorted(pack.files)
    passed = []
    for turn in range(100):
        name = names[turn % len(names)]
        content = bytearray(pack.files[name])
        place = seeded.randrange(len(content))
        content[place] ^= 1 << seeded.randrange(8)
        if not faults_of({**pack.files, name: bytes(content)}):
            passed.append((name, place))
    assert passed == []


def test_a_changed_byte_fails_by_python_alone_and_in_the_zip(pack: Pack, unpacked: Path) -> None:
    content = bytearray((unpacked / "shortlist.xlsx").read_bytes())
    content[len(content) // 2] ^= 1
    (unpacked / "shortlist.xlsx").write_bytes(content)
    alone = run_alone(unpacked)
    assert (alone.returncode, alone.stderr) == (1, "")
    assert "shortlist.xlsx is not the file that was packed." in alone.stdout
    damaged = bytearray(pack.zipped)
    damaged[len(damaged) // 2] ^= 1
    assert not check_pack(bytes(damaged)).passed


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("shortlist.csv", b",1,", b",2,", "The rank of"),
        ("shortlist.csv", b",yes,", b",no,", "wrongly shown as on or off"),
        ("values.csv", b"\r\nDEMO00002,", b"\r\nDEMO99999,", "not about the same areas"),
    ],
)
def test_what_fits_its_checksums_but_not_the_arithmetic_fails(
    pack: Pack, name: str, before: bytes, after: bytes, said: str
) -> None:
    assert before in pack.files[name]
    faults = faults_of(refitted(pack, name, pack.files[name].replace(before, after, 1)))
    assert any(said in each for each in faults), faults
    assert not any("packed" in each for each in faults)


def test_another_weight_or_list_in_the_manifest_fails(pack: Pack) -> None:
    manifest = json.loads(pack.files["manifest.json"])
    manifest["weights"][0]["percentage"] += 1
    manifest["decision"]["agreed"].reverse()
    faults = faults_of({**pack.files, "manifest.json": json.dumps(manifest).encode()})
    assert any("is not its share" in each for each in faults)
    assert any("agreed list" in each for each in faults)
    for each in manifest["weights"]:
        each["percentage"] = 0
    manifest["files"][0]["path"] = 7
    assert not check_pack(rezipped(pack, {**pack.files, "manifest.json": json.dumps(manifest).encode()})).passed


def test_a_geometric_mean_is_worked_out_again(pack: Pack) -> None:
    ranking = pack.content.ranking
    framework = dataclasses.replace(pack.content.scenario.framework, aggregate="geometric")
    scores = dataclasses.replace(
        ranking.scores,
        score=overall(ranking.scores.priority_scores, ranking.scores.weights, "geometric"),
        rank=rank_units(ranking.scores.priority_scores, ranking.scores.weights, "geometric"),
    )
    scenario = dataclasses.replace(pack.content.scenario, framework=framework)
    content = dataclasses.replace(
        pack.content, ranking=dataclasses.replace(ranking, scenario=scenario, scores=scores), decision=None
    )
    made = build_pack(content)
    assert faults_of(dict(made.files)) == []
    broken = made.files["values.csv"].replace(b"\r\nDEMO00002,", b"\r\nDEMO00002,9", 1)
    assert faults_of(refitted(made, "values.csv", broken))


def test_missing_added_and_doubled_files_fail(pack: Pack, unpacked: Path) -> None:
    files = dict(pack.files)
    del files["areas.gpkg"]
    assert "areas.gpkg is missing." in faults_of(files)
    assert "more.txt does not belong to the pack." in check_pack(rezipped(pack, {**pack.files, "more.txt": b""})).faults
    doubled = io.BytesIO(pack.zipped)
    with pytest.warns(UserWarning), zipfile.ZipFile(doubled, "a") as again:
        again.writestr("README.txt", pack.files["README.txt"])
    assert "README.txt is there more than once." in check_pack(doubled.getvalue()).faults
    (unpacked / "notes.docx").write_bytes(b"the receiver's own")
    assert run_alone(unpacked).returncode == 0


@pytest.mark.parametrize("name", ["manifest.json", "shortlist.csv", "values.csv"])
@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"files": 1}', b"\xff\xfe", b"id\r\n1\r\n"])
def test_rubbish_fails_without_a_traceback(pack: Pack, name: str, content: bytes) -> None:
    found = check_pack(rezipped(pack, {**pack.files, name: content}))
    assert not found.passed


def test_what_is_no_pack_is_refused() -> None:
    with pytest.raises(UserError, match="not a zip"):
        check_pack(b"no zip")


def test_a_pack_of_an_older_release_still_verifies(decided: Decided, pack: Pack, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(decided.folder.root, folder.root)
    scratch = tmp_path / "invented"
    scratch.mkdir()
    write_demonstration(scratch)
    import_open_data([scratch], council="all", folder=folder, catalogue=load_catalogue(folder.catalogue))
    assert folder.published().current != pack.content.ranking.release.id
    workspace = open_workspace(folder)
    assert check_pack(pack.zipped, workspace).passed
    assert decision_pack(folder, workspace, decided.shortlist_id).zipped == pack.zipped
    workspace.close()


def test_a_pack_of_another_log_does_not_pass(pack: Pack, tmp_path: Path) -> None:
    workspace = open_workspace(DataFolder(tmp_path))
    assert "Its decision does not stand in the decision log here." in check_pack(pack.zipped, workspace).faults
    workspace.close()


def test_a_signature_holds_for_its_own_manifest_only(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cryptography", reason="the extra `sign` is not installed")
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key_file = tmp_path / "key.pem"
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(Ed25519PrivateKey.generate().private_bytes(*form))
    monkeypatch.setenv("PRIORITISATION_SIGNING_KEY_FILE", str(key_file))
    signed = build_pack(pack.content)
    assert build_pack(pack.content).zipped == signed.zipped
    name = json.loads(signed.files["manifest.json"])["signed_by"]
    assert check_pack(signed.zipped, trusted_key=name).passed
    assert not check_pack(signed.zipped, trusted_key="0" * 16).passed
    assert not check_pack(pack.zipped, trusted_key=name).passed
    forged = refitted(signed, "README.txt", b"other words")
    assert faults_of(forged) == []
    assert "The signature is not of this manifest." in check_pack(rezipped(signed, forged)).faults
    unsigned = {each: content for each, content in signed.files.items() if each != "manifest.sig"}
    assert not check_pack(rezipped(signed, unsigned)).passed


def test_a_signing_key_that_cannot_be_used_stops_the_pack(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIORITISATION_SIGNING_KEY_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(UserError, match=r"signing key|cryptography"):
        build_pack(pack.content)
