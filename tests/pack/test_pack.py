"""The pack: the same bytes twice, everything said in it, and nothing in it that was not published."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from click.testing import CliRunner
from packed import NOTE, Decided, is_told, read_table, signed_with, with_also

from prioritisation.cli import main
from prioritisation.errors import UserError
from prioritisation.pack.building import Pack, build_pack, decision_pack, scenario_pack
from prioritisation.pack.checking import check_pack
from prioritisation.pack.content import NOT_AGREED, Content
from prioritisation.pack.lists import cohort_columns
from prioritisation.pack.wording import read_me, read_me_text
from prioritisation.scenario import Scenario
from prioritisation.store import open_store
from prioritisation.words import AGGREGATE_WORDS, METHOD_WORDS, method_words
from prioritisation.workspace import audit, decisions

CANARY = 987_654_321
EXPECTED = {
    "README.txt", "areas.geojson", "areas.gpkg", "briefing.html", "briefing.pdf", "checksums.sha256", "cohorts.csv",
    "datapackage.json", "manifest.json", "shortlist.csv", "shortlist.xlsx", "values.csv", "verify.py",
}  # fmt: skip


def test_one_decision_gives_the_same_bytes_later(decided: Decided, pack: Pack) -> None:
    assert set(pack.files) == EXPECTED
    audit.record(decided.workspace, "pack exported", by="somebody else")
    again = decision_pack(decided.folder, decided.workspace, decided.shortlist_id)
    assert [name for name in EXPECTED if again.files[name] != pack.files[name]] == []
    assert again.zipped == pack.zipped


def test_an_earlier_state_can_be_packed_again(decided: Decided, pack: Pack) -> None:
    first = decision_pack(decided.folder, decided.workspace, decided.shortlist_id, until=decided.shortlist_id)
    told = json.loads(first.files["manifest.json"])["decision"]
    assert (told["overrides"], told["sign_offs"]) == ([], [])
    assert first.zipped != pack.zipped
    assert check_pack(first.zipped, decided.workspace).passed


def test_the_manifest_says_what_was_decided_and_from_what(decided: Decided, pack: Pack) -> None:
    manifest = json.loads(pack.files["manifest.json"])
    found = decisions.shortlist(decided.workspace, decided.shortlist_id)
    assert manifest["decision"]["agreed"] == list(found.agreed.codes)
    assert manifest["decision"]["sign_offs"][0]["by"] == "Inspector, Police Scotland (not verified)"
    assert len(manifest["decision"]["overrides"]) == 2
    assert Scenario.from_json(json.dumps(manifest["scenario"]["choices"])) == pack.content.scenario
    assert manifest["audit_head"] in {row.head for row in audit.entries(decided.workspace)}
    assert manifest["expires"] > manifest["dated"]
    with open_store(decided.folder) as store:
        used = store.loaded_files().query("used")
    assert {each["sha256"] for each in manifest["inputs"]} == set(used["sha256"])
    listed = {each["path"]: each["sha256"] for each in manifest["files"]}
    assert listed == {
        name: hashlib.sha256(pack.files[name]).hexdigest() for name in EXPECTED - {"manifest.json", "checksums.sha256"}
    }


def test_a_condition_stands_beside_its_signature(pack: Pack) -> None:
    assert json.loads(pack.files["manifest.json"])["decision"]["sign_offs"][0]["note"] == NOTE
    signed = dict(read_me(pack.content))["Signed off"]
    assert signed.startswith("Inspector, Police Scotland (not verified), ") and signed.endswith(f" Note: {NOTE}")
    assert f"Signed off: {signed}\r\n" in pack.files["README.txt"].decode()
    assert is_told(pack, "shortlist.xlsx", f"Note: {escape(NOTE)}")


def test_no_line_that_people_typed_passes_for_one_of_the_read_me(pack: Pack) -> None:
    content = signed_with(pack.content, "Not without a lease.\r\nSigned off: NHS\nDecision: none")
    lines = read_me_text(content, pack.files).decode().split("\r\n")
    assert [line for line in lines if line.startswith("Decision: ")] == [next(x for x in lines if "agreed 2" in x)]
    assert "    Signed off: NHS" in lines and "    Decision: none" in lines


def test_the_read_me_names_what_was_agreed_with_the_list(pack: Pack) -> None:
    found = dict(read_me(pack.content))
    patch = pack.content.patch
    assert patch is not None and found["Patch"] == " ".join(patch.sentences)
    assert found["Cohorts"] == "In contact with 3 or more partners (whom the team supports first)"
    assert is_told(pack, "shortlist.xlsx", found["Cohorts"])
    alone = dict(read_me(with_also(pack.content)))
    assert alone["Patch"] == alone["Cohorts"] == "none was agreed with it"
    unread = dict(read_me(with_also(pack.content, patch={"areas": [{"id": "A"}]}, cohorts=["c"])))
    assert unread["Patch"] == unread["Cohorts"] == "agreed with it, but this version cannot read how it was recorded"


def test_the_read_me_names_weights_and_method_as_the_screens_do(pack: Pack) -> None:
    found = dict(read_me(pack.content))
    framework = pack.content.scenario.framework
    assert found["Method"] == method_words(framework.normalise.method, framework.aggregate, framework.reference)
    assert found["Method"].startswith(f"{METHOD_WORDS['percentile']}. {AGGREGATE_WORDS['arithmetic']}. ")
    thirds = pack.content.scenario.with_weights([1, 1, 1, 0])
    shown = replace(pack.content, ranking=replace(pack.content.ranking, scenario=thirds))
    assert dict(read_me(shown))["Weights"].count(" 33.3%") == 3


def test_the_data_package_describes_every_table(pack: Pack) -> None:
    described = json.loads(pack.files["datapackage.json"])
    assert described["$schema"].endswith("/2.0/datapackage.json")
    for resource in described["resources"]:
        content = pack.files[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource["format"] == "csv":
            fields = [field["name"] for field in resource["schema"]["fields"]]
            assert fields == list(read_table(pack, resource["path"]).columns)
    assert {each["path"] for each in described["resources"]} == {
        "areas.geojson", "areas.gpkg", "briefing.html", "briefing.pdf", "cohorts.csv", "shortlist.csv",
        "shortlist.xlsx", "values.csv",
    }  # fmt: skip
    assert all("name" in each or "path" in each for each in described["licenses"])


def test_the_maps_hold_every_area_and_what_was_agreed(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    path.write_bytes(pack.files["areas.gpkg"])
    areas, localities = (pyogrio.read_dataframe(path, layer=layer) for layer in ("areas", "localities"))
    table = read_table(pack, "shortlist.csv")
    assert areas.crs.to_epsg() == 27700
    assert areas["id"].tolist() == table["id"].tolist()
    assert areas["agreed_mark"].fillna("").tolist() == table["agreed_mark"].fillna("").tolist()
    assert localities["areas"].sum() == len(areas)
    assert localities["on_agreed_list"].sum() == table["agreed_position"].notna().sum()
    drawn = json.loads(pack.files["areas.geojson"])
    assert [each["id"] for each in drawn["features"]] == table["id"].tolist()
    assert drawn["features"][0]["properties"]["rank"] == 1


def test_demonstration_data_says_so_in_every_file(pack: Pack) -> None:
    words = "Demonstration data: every place and number is invented"
    silent = {"verify.py", "checksums.sha256", "briefing.pdf"}  # the PDF is compressed: test_briefing reads its pages
    assert {name for name in EXPECTED if not is_told(pack, name, words)} == silent
    assert pack.name.startswith("demonstration-pack")


def test_a_mere_scenario_is_marked_and_dated_by_its_release(decided: Decided, pack: Pack) -> None:
    made = scenario_pack(decided.folder, pack.content.scenario)
    manifest = json.loads(made.files["manifest.json"])
    assert (manifest["state"], manifest["decision"], manifest["audit_head"]) == (NOT_AGREED, None, "")
    assert manifest["dated"] == manifest["release"]["built_at"]
    assert NOT_AGREED in made.files["README.txt"].decode()
    assert check_pack(made.zipped).passed


def test_cohorts_hold_published_counts_only(decided: Decided, pack: Pack) -> None:
    table = read_table(pack, "cohorts.csv")
    assert list(table.columns) == [each.name for each in cohort_columns()]
    assert set(table["geography"]) == {"council", "locality"}
    with open_store(decided.folder) as store:
        cube = store.cube()
    cells = cube[cube["cell"].str.startswith("cohort=") & ~cube["cell"].str.contains(";")]
    published = {(row.cell[7:], row.area_code): row.people for row in cells.itertuples() if row.status == "published"}
    shown = table[table["people"].notna()]
    assert len(shown) > 0
    assert [published[row.cohort, row.area] for row in shown.itertuples()] == shown["people"].tolist()
    assert (shown["people"] % 5 == 0).all()
    hidden = table[table["status"] == "suppressed"]
    assert hidden["people"].isna().all()
    assert (hidden["low"] == 0).all()


def test_counts_behind_a_value_do_not_leave_with_it(pack: Pack) -> None:
    """A canary in every number of the release that is not a value must not be found in any file."""
    content: Content = pack.content
    marked = content.observations.assign(numerator=float(CANARY), denominator=float(CANARY))
    leaked = build_pack(replace(content, observations=marked))
    assert [name for name in leaked.files if is_told(leaked, name, str(CANARY))] == []
    shown = content.observations.assign(value=float(CANARY), status="reported")
    seen = build_pack(replace(content, observations=shown))
    assert is_told(seen, "values.csv", str(CANARY)), "the canary would be seen"
    assert is_told(seen, "shortlist.xlsx", str(CANARY))


def test_text_that_people_typed_is_never_a_formula(pack: Pack) -> None:
    reasons = read_table(pack, "shortlist.csv")["reason"].dropna().tolist()
    assert reasons
    assert all(each.startswith("'=") for each in reasons)
    with zipfile.ZipFile(io.BytesIO(pack.files["shortlist.xlsx"])) as book:
        assert not any("<f>HYPERLINK" in book.read(name).decode() for name in book.namelist() if "sheet" in name)


def test_a_ranking_that_is_found_no_more_is_refused(decided: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prioritisation.pack.content.SAME_SCORE_WITHIN", -1.0)
    with pytest.raises(UserError, match="The ranking that was agreed"):
        decision_pack(decided.folder, decided.workspace, decided.shortlist_id)


def test_commands_export_and_verify(decided: Decided, pack: Pack, tmp_path: Path) -> None:
    out, data = tmp_path / "pack.zip", ["--data", str(decided.folder.root)]
    made = CliRunner().invoke(main, ["export", "--decision", decided.shortlist_id, "--out", str(out), *data])
    assert made.exit_code == 0, made.output
    assert out.read_bytes() == pack.zipped
    assert audit.entries(decided.workspace, 1)[0].action == "pack exported"
    checked = CliRunner().invoke(main, ["verify", str(out), *data])
    assert checked.exit_code == 0, checked.output
    assert "PASS" in checked.output
    assert "stands in the decision log" in checked.output
    out.write_bytes(b"PK nonsense")
    refused = CliRunner().invoke(main, ["verify", str(out), *data])
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output


def test_commands_refuse_two_ways_at_once(decided: Decided) -> None:
    mixed = ["export", "--decision", decided.shortlist_id, "--id", "x", "--data", str(decided.folder.root)]
    assert CliRunner().invoke(main, mixed).exit_code == 1


def test_values_and_list_agree(pack: Pack) -> None:
    shortlist, values = (read_table(pack, name).set_index("id") for name in ("shortlist.csv", "values.csv"))
    for each in pack.content.scenario.framework.priority_ids:
        pd.testing.assert_series_equal(
            shortlist[each].sort_index(), values[f"score_{each}"].sort_index(), check_names=False
        )
