"""A pack brought back as a scenario: checked, worked out again, saved with where it came from; or refused whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from packed import Decided

from prioritisation.cli import main
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack import packed_scenario, receiver, reopening
from prioritisation.pack.building import Pack, scenario_pack, zipped
from prioritisation.pack.reopening import Origin, origin, reopen
from prioritisation.prioritise import prioritise
from prioritisation.workspace import Workspace, open_workspace
from prioritisation.workspace.scenarios import archive, get, listed, save


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of another office, which knows no decision."""
    opened = open_workspace(DataFolder(tmp_path))
    yield opened
    opened.close()


def repacked(pack: Pack, changes: dict[str, object]) -> bytes:
    """The pack with another manifest that fits every checksum: what a careful forger of an unsigned one makes."""
    manifest = json.loads(pack.files[receiver.MANIFEST]) | changes
    files = {**pack.files, receiver.MANIFEST: json.dumps(manifest).encode()}
    del files[receiver.CHECKSUMS]
    return zipped({**files, receiver.CHECKSUMS: receiver.checksums(files)}, datetime(2026, 7, 1))


def test_the_same_data_give_the_same_result(decided: Decided, pack: Pack, workspace: Workspace) -> None:
    found = reopen(pack.zipped, decided.folder, workspace, by="Council")
    assert (found.same_data, found.differing) == (True, 0)
    assert found.kept == found.cut == pack.content.scenario.framework.cut
    assert found.saved.scenario == pack.content.scenario
    assert found.saved.release_id == pack.content.ranking.release.id
    assert get(workspace, found.saved.id) == found.saved
    said = "\n".join(found.sentences)
    assert f"all {len(pack.content.ranking.areas)} ranks and scores" in said
    assert "not signed: nothing shows who made it" in said
    assert decided.shortlist_id in found.saved.note and found.packed.digest[:12] in found.saved.note


def test_the_same_pack_opened_twice_makes_one_scenario(decided: Decided, pack: Pack, workspace: Workspace) -> None:
    first = reopen(pack.zipped, decided.folder, workspace, by="Council")
    again = reopen(pack.zipped, decided.folder, workspace, by="Police", name="Another")
    assert (first.here_already, again.here_already) == (False, True)
    assert again.saved == first.saved and len(listed(workspace)) == 1
    assert again.sentences[0].startswith("This pack was opened here before") and "by Council" in again.sentences[0]
    archive(workspace, first.saved.id, first.saved.version, by="Council")
    assert not reopen(pack.zipped, decided.folder, workspace, by="Police").here_already


def test_where_it_came_from_stands_in_the_log_whatever_is_renamed(
    decided: Decided, pack: Pack, workspace: Workspace
) -> None:
    found = reopen(pack.zipped, decided.folder, workspace, by="Council", name="Mine")
    assert found.saved.name == "Mine"
    release = pack.content.ranking.release.id
    assert origin(workspace, found.saved) == Origin(pack.sha256[:32], decided.shortlist_id, release)
    own = save(workspace, name="Own", note="", scenario=found.saved.scenario, release_id=release, by="Council")
    assert origin(workspace, own) is None


def test_a_changed_arithmetic_is_told(
    decided: Decided, pack: Pack, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(store: object, scenario: object, council: object) -> object:
        return prioritise(store, scenario.with_weights([1, 1, 1, 7]), council)  # type: ignore[attr-defined, arg-type]

    monkeypatch.setattr(reopening, "prioritise", otherwise)
    found = reopen(pack.zipped, decided.folder, workspace, by="Council")
    assert found.same_data and found.differing > 20
    assert f"{found.differing} areas differ from the pack" in "\n".join(found.sentences)


def test_another_release_is_said_plainly(
    decided: Decided, demonstration: DataFolder, pack: Pack, workspace: Workspace
) -> None:
    found = reopen(pack.zipped, demonstration, workspace, by="Council")
    assert not found.same_data
    assert found.saved.release_id == demonstration.published().current
    assert found.saved.scenario == pack.content.scenario
    said = "\n".join(found.sentences)
    assert "The data of the pack are not here" in said
    assert f"{found.kept} of the {found.cut} areas" in said


def test_a_release_of_the_same_name_with_other_data_is_another(
    decided: Decided, pack: Pack, workspace: Workspace
) -> None:
    release = json.loads(pack.files[receiver.MANIFEST])["release"] | {"fingerprint": "0" * 64}
    assert not reopen(repacked(pack, {"release": release}), decided.folder, workspace, by="Council").same_data


def test_a_mere_scenario_can_be_brought_back(decided: Decided, pack: Pack, workspace: Workspace) -> None:
    made = scenario_pack(decided.folder, pack.content.scenario)
    found = reopen(made.zipped, decided.folder, workspace, by="Council")
    assert (found.packed.decision, found.differing) == ("", 0)
    assert "no decision" in "\n".join(found.sentences)


@pytest.mark.parametrize(
    "scenario",
    [
        None,
        {},
        {"id": "0000000000", "choices": {}},
        {"id": "0000000000", "choices": "as they are"},
        {"id": ["x"], "choices": {"format": 99}},
        "as it was, under another id",
    ],
)
def test_a_damaged_scenario_is_refused(decided: Decided, pack: Pack, workspace: Workspace, scenario: object) -> None:
    own = json.loads(pack.files[receiver.MANIFEST])["scenario"]
    given = own | {"id": "0123456789"} if isinstance(scenario, str) else scenario
    if isinstance(given, dict) and given.get("choices") == "as they are":
        given = {**given, "choices": own["choices"] | {"percentages": [float(10**308)] * 4}}
    with pytest.raises(UserError) as refused:
        reopen(repacked(pack, {"scenario": given}), decided.folder, workspace, by="Council")
    assert "not opened" in refused.value.not_done or "No scenario was opened" in refused.value.not_done
    assert listed(workspace, archived=None) == []


@pytest.mark.parametrize("name", ["release", "dated", "title", "state"])
def test_a_manifest_without_what_is_needed_is_refused(
    decided: Decided, pack: Pack, workspace: Workspace, name: str
) -> None:
    manifest = json.loads(pack.files[receiver.MANIFEST])
    del manifest[name]
    files = {**pack.files, receiver.MANIFEST: json.dumps(manifest).encode()}
    del files[receiver.CHECKSUMS]
    made = zipped({**files, receiver.CHECKSUMS: receiver.checksums(files)}, datetime(2026, 7, 1))
    with pytest.raises(UserError):
        reopen(made, decided.folder, workspace, by="Council")
    assert listed(workspace, archived=None) == []


def test_a_tampered_pack_and_an_unknown_signer_are_refused(decided: Decided, pack: Pack, workspace: Workspace) -> None:
    damaged = bytearray(pack.zipped)
    damaged[len(damaged) // 2] ^= 1
    for content, key in ((bytes(damaged), None), (pack.zipped, "0" * 16), (b"no zip", None)):
        with pytest.raises(UserError):
            reopen(content, decided.folder, workspace, by="Council", trusted_key=key)
    with pytest.raises(UserError, match="still needed"):
        reopen(pack.zipped, decided.folder, workspace, by=" ")
    assert listed(workspace, archived=None) == []


def test_a_pack_that_breaks_its_reader_is_refused(
    decided: Decided, pack: Pack, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is a child of its own: whatever it says, or however it dies, nothing is saved."""
    forged = {"packed": {"rows": [["S01", "one", 2, "yes"]], "choices": "{}"}}
    for said in (None, b"", b"{", b'{"packed": {}}', json.dumps(forged).encode(), b"[" * 100_000):
        monkeypatch.setattr(packed_scenario, "answer", lambda *given, said=said, **limits: said)
        with pytest.raises(UserError) as refused:
            reopen(pack.zipped, decided.folder, workspace, by="Council")
        assert refused.value.not_done == "No scenario was opened."
    assert listed(workspace, archived=None) == []


def test_words_in_a_pack_stay_text_and_ids_stay_ids(decided: Decided, pack: Pack, workspace: Workspace) -> None:
    decision = json.loads(pack.files[receiver.MANIFEST])["decision"] | {"id": "<b>" + "a" * 64}
    made = repacked(pack, {"title": "<script>alert(1)</script>", "decision": decision})
    found = reopen(made, decided.folder, workspace, by="Council")
    assert found.packed.decision == ""
    assert found.saved.name.startswith("From a pack: <script>")


def test_the_command_prints_the_id_and_says_what_it_found(decided: Decided, pack: Pack, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(decided.folder.root, folder.root)
    (tmp_path / "pack.zip").write_bytes(pack.zipped)
    words = ["reopen", str(tmp_path / "pack.zip"), "--by", "Council", "--data", str(folder.root)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    workspace = open_workspace(folder)
    assert get(workspace, result.stdout.strip()).scenario == pack.content.scenario
    workspace.close()
    assert "ranks and scores" in result.stderr
    refused = CliRunner().invoke(main, ["reopen", str(tmp_path / "none.zip"), "--by", "Council"])
    assert refused.exit_code == 1 and "cannot be read" in refused.output and "Not done:" in refused.output
