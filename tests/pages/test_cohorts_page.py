"""The Cohorts page: whatever is chosen, every number on it is one that the release publishes."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from inert_texts import INERT
from opened import BOOKMARK, MENU, OpenPage, html_of
from streamlit.testing.v1 import AppTest

from prioritisation.cohort_ranking import open_cube
from prioritisation.cohorts.counts import Question, answer, by_area
from prioritisation.cohorts.published import PublishedCube
from prioritisation.cohorts.rule import CohortRule
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.store import open_store
from prioritisation.ui.cohorts.choice import rule_of, rule_text
from prioritisation.ui.cohorts.page import QUESTIONS
from prioritisation.ui.cohorts.words import COUNTED_NEXT, when_counted
from prioritisation.workspace import Workspace
from prioritisation.workspace.cohorts import listed, save

HOME_CARE = "age:75-84,85+;services_all:home_care"
NOT_COUNTED = "sex:male;services_all:befriending,custody"


@pytest.fixture
def folder(demonstration_with_people: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DataFolder:
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'workspace.sqlite'}")
    return demonstration_with_people


@pytest.fixture(scope="module")
def cube(demonstration_with_people: DataFolder) -> PublishedCube:
    with open_store(demonstration_with_people) as store:
        return open_cube(store, demonstration_with_people.catalogue)


def own(rule: str, **more: str) -> dict[str, str]:
    return {"cohort": "own", "rule": rule, **more}


def said(test: AppTest) -> str:
    return html.unescape(html_of(test))


def in_address(test: AppTest, name: str) -> str:
    given = test.query_params[name]
    return given if isinstance(given, str) else "".join(given)


def box(test: AppTest, key: str) -> AppTest:
    return next(each for kind in (test.multiselect, test.selectbox) for each in kind if each.key == key)


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
@pytest.mark.parametrize("question", list(QUESTIONS))
def test_every_question_opens_both_ways(way: str, question: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, way, {"question": question})
    assert not test.exception
    assert "Whom could one team support?" in said(test) and "Demonstration data" in said(test)
    assert "went wrong" not in said(test) and 'role="alert"' not in said(test)


def test_the_sentence_is_the_engines(open_page: OpenPage, folder: DataFolder, cube: PublishedCube) -> None:
    rule, faults = rule_of(HOME_CARE, cube.contract)
    told = answer(cube, Question(rule)).sentence
    text = said(open_page("Cohorts", folder, BOOKMARK, own(HOME_CARE)))
    assert not faults and told.startswith("About ")
    assert "People aged 75 or over, with home care, in the last 12 months: " in text
    assert told[1:] in text and "Counted over the 12 months to December 2025." in text


def test_a_rule_survives_the_address(cube: PublishedCube) -> None:
    rules = [each.rule for each in cube.cohorts.values()]
    assert len(rules) > 4
    for rule in [*rules, CohortRule()]:
        assert rule_of(rule_text(rule), cube.contract) == (rule, [])


@pytest.mark.parametrize("text", ["age:7", "not:x", "partners_at_least:-1", "partners_at_least:\N{SUPERSCRIPT TWO}",
                                  ";;::", "age", "flags_of:money", "sex:male;sex:female,x"])  # fmt: skip
def test_a_rule_that_cannot_be_read_is_said_and_not_followed(
    text: str, open_page: OpenPage, folder: DataFolder
) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, own(text))
    assert not test.exception
    assert "could not be followed in full" in said(test)
    assert "Everyone known to any partner in the last 12 months: " in said(test)


def test_changing_a_card_makes_ones_own_and_puts_it_into_the_address(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, MENU, {"cohort": "older-admissions-home-care"})
    assert set(box(test, "card-services").value) == {"home_care", "emergency_admission"}
    box(test, "card-services").set_value(["home_care"]).run()
    assert (in_address(test, "cohort"), in_address(test, "rule")) == ("own", HOME_CARE)
    assert box(test, "choose-cohort").value == "own"
    assert "with home care, in the last 12 months: " in said(test)


def test_all_or_any_changes_the_rule(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, MENU, own("flags_all:substances,mental_health"))
    box(test, "card-flags_how").set_value("any of them").run()
    assert in_address(test, "rule") == "flags_any:substances,mental_health"
    assert "whose needs include alcohol or drugs or mental health" in said(test)


def test_only_what_was_counted_is_offered_unless_asked(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, MENU, own("age:85+;sex:female;services_all:home_care"))
    few = box(test, "card-services").options
    assert "not available together with these conditions" in said(test)
    test.toggle(key="card-also-uncounted").set_value(True).run()
    many = box(test, "card-services").options
    assert len(few) < len(many) and all("(not available with these)" in each for each in set(many) - set(few))


def test_what_was_not_counted_says_so_and_names_the_nearest(open_page: OpenPage, folder: DataFolder) -> None:
    text = said(open_page("Cohorts", folder, BOOKMARK, own(NOT_COUNTED)))
    assert "not available: this combination was not counted. The nearest that was is" in text
    assert "It will be counted when partners' contacts are next published." in text


def test_hidden_is_never_nobody_and_comes_last(open_page: OpenPage, folder: DataFolder, cube: PublishedCube) -> None:
    link = {"question": "where", "by": "data zone", "cohort": "homelessness-mental-health"}
    test = open_page("Cohorts", folder, BOOKMARK, link)
    table = test.dataframe[0].value
    counts = by_area(cube, cube.cohorts["homelessness-mental-health"].rule, "data zone").set_index("name")
    hidden = counts["status"] == "suppressed"
    assert hidden.sum() > 100
    words = table.set_index("Small area")["State"]
    assert words[counts.index[hidden]].str.fullmatch(r"hidden \(0 to (9|[1-9]\d+)\)").all()
    assert table["People"].dropna().ge(10).all() and (table["People"].dropna() % 5 == 0).all()
    known = table["People"].notna()
    assert not known[~known].index.empty and known.sort_values(ascending=False).tolist() == known.tolist()
    last = table.loc[~known, "Small area"].tolist()
    assert last == sorted(last)
    assert "which does not mean nobody" in said(test)


@pytest.mark.parametrize("by", ["locality", "ward", "intermediate zone", "data zone"])
@pytest.mark.parametrize("shape", ["Map", "Hexagons"])
def test_every_way_to_see_where(by: str, shape: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, {"question": "where", "by": by, "shape": shape})
    assert not test.exception and 'role="alert"' not in said(test)
    assert "Legend: darker is more people" in said(test) and "People with no fixed abode" in said(test)


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_a_locality_is_asked_of_where_it_was_counted(
    question: str, open_page: OpenPage, folder: DataFolder, cube: PublishedCube
) -> None:
    place = cube.areas("locality")[0]
    test = open_page("Cohorts", folder, BOOKMARK, {"question": question, "locality": place})
    told = answer(cube, Question(cube.cohorts["partners-3"].rule, "locality", (place,))).sentence
    assert not test.exception and 'role="alert"' not in said(test)
    assert f", in {place}: " in said(test) and told[1:] in said(test)


@pytest.mark.parametrize("kind", ["partners", "flags", "services"])
@pytest.mark.parametrize("how", ["exactly", "at least"])
def test_overlaps_have_a_chart_a_table_and_text(kind: str, how: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, {"question": "overlap", "overlap": kind, "how": how})
    text = said(test)
    assert not test.exception and "Everyone known in" in text and "key could match another partner's" in text
    assert len(test.get("plotly_chart")) == 2 and "<table" in text


def test_cost_says_that_it_is_about_other_people(open_page: OpenPage, folder: DataFolder) -> None:
    text = said(open_page("Cohorts", folder, BOOKMARK, {"question": "contact"}))
    assert "are different people" in text and "Those who make up the first 50% of all cost" in text


def test_the_ranking_names_what_it_left_out(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, {"question": "first", "weights": "70,10,10,10"})
    text = said(test)
    assert "Financial hardship 70%" in text and "Not scored: less than half is known for" in text
    assert "because they define it" in text and "Almost always" in text


def test_a_cohort_that_was_left_out_is_told_why_and_not_to_wait(cube: PublishedCube) -> None:
    pairs = [{"cohort": "saved-a", "too_near_to": "partners-3"}, {"cohort": "saved-b", "too_near_to": "saved-gone"}]
    left_out = replace(cube, facts={**cube.facts, "cohorts_left_out": json.dumps(pairs)})
    assert "nearly those of 'In contact with 3 or more partners'" in when_counted(left_out, "saved-a")
    assert "nearly those of an archived cohort" in when_counted(left_out, "saved-b")
    assert when_counted(left_out, "saved-c") == when_counted(cube, "saved-a") == COUNTED_NEXT


def test_saving_says_when_it_will_be_counted(open_page: OpenPage, folder: DataFolder, workspace: Workspace) -> None:
    test = open_page("Cohorts", folder, MENU, own(NOT_COUNTED))
    test.session_state["cohort-save-open"] = True
    test.run()
    test.button[-1].click().run()
    assert "name: is empty." in said(test) and "What to do: " in said(test) and not listed(workspace)
    test.text_input(key="cohort-save-name").set_value("Men in custody, lonely")
    test.text_area(key="cohort-save-why").set_value("Befriending might keep them out")
    test.text_input(key="cohort-save-who").set_value("Police Scotland")
    next(each for each in test.button if each.label == "Save").click().run()
    (row,) = listed(workspace)
    assert (row.name, row.author) == ("Men in custody, lonely", "Police Scotland")
    assert in_address(test, "cohort") == row.cohort_id and "rule" not in test.query_params
    text = said(open_page("Cohorts", folder, BOOKMARK, {"cohort": row.cohort_id}))
    assert "This cohort's own counts are not in this release." in text and "Befriending might keep them out" in text
    names = box(open_page("Cohorts", folder, BOOKMARK), "choose-cohort").options
    assert "Men in custody, lonely (not counted yet)" in names


def test_hostile_words_stay_words(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace, cube: PublishedCube
) -> None:
    kept = {}
    for text, service in zip(INERT, list(cube.contract.services)[:14], strict=False):
        try:
            rule = CohortRule(age=("85+",), services_all=(service,))
            kept[text] = save(workspace, name=text, why=text, rule=rule, by="Council")
        except UserError:
            continue
    assert len(kept) > 8
    for text, row in kept.items():
        test = open_page("Cohorts", folder, BOOKMARK, {"cohort": row.cohort_id})
        assert not test.exception and html.escape(text, quote=True) in html_of(test)


def test_a_broken_workspace_leaves_the_counts_on_screen(
    open_page: OpenPage, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "w.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    monkeypatch.setenv("PRIORITISATION_WORKSPACE", f"sqlite:///{tmp_path / 'w.sqlite'}")
    text = said(open_page("Cohorts", folder, BOOKMARK))
    assert "is damaged, or is not a workspace at all" in text and "in contact with 3 or more partners" in text


@pytest.mark.parametrize("way", [BOOKMARK, MENU])
def test_without_contacts_it_says_what_to_do(way: str, open_page: OpenPage, demonstration: DataFolder) -> None:
    test = open_page("Cohorts", demonstration, way)
    text = said(test)
    assert not test.exception
    assert "This release has no contacts from partners." in text
    assert "Not done: " in text and "What to do: " in text and "template.xlsx" in text
    assert [each.label for each in test.get("download_button")] == ["What a partner needs (ZIP)"]


def test_the_data_page_tells_about_the_counts(
    open_page: OpenPage, folder: DataFolder, demonstration: DataFolder
) -> None:
    text = said(open_page("Data", folder, BOOKMARK))
    assert "Contacts from partners" in text and "the 12 months to December 2025" in text
    assert "hidden under 10" in text and "Police Scotland (2022-10 to 2025-12)" in text
    assert "This release has none." in said(open_page("Data", demonstration, BOOKMARK))


def test_where_nothing_is_published_no_number_is_told(open_page: OpenPage, folder: DataFolder, tmp_path: Path) -> None:
    copied = DataFolder(tmp_path / "copy")
    shutil.copytree(folder.root, copied.root)
    name, newer = copied.published().current or "", "r0009-cccccccc"
    shutil.copyfile(copied.release_file(name), copied.release_file(newer))
    with duckdb.connect(str(copied.release_file(newer))) as connection:
        connection.execute("UPDATE fact SET value = ? WHERE name = 'release_id'", [newer])
        connection.execute("UPDATE cube SET people = NULL, contacts = NULL, status = 'suppressed'")
    copied.pointer.write_text(json.dumps({"current": newer, "published": [name, newer]}))
    number = re.compile(r"[Aa]bout [0-9]")
    for question in QUESTIONS:
        test = open_page("Cohorts", copied, BOOKMARK, {"question": question})
        assert not test.exception and 'role="alert"' not in said(test)
        assert not number.search(said(test)), question
    assert number.search(said(open_page("Cohorts", folder, BOOKMARK)))
