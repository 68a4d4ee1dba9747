"""The Cohorts page: whatever is chosen, every number on it is one that the release publishes."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
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
from prioritisation.ui.cohorts.legend import keys_of
from prioritisation.ui.cohorts.page import QUESTIONS
from prioritisation.ui.cohorts.where import Spread, spread_sentence
from prioritisation.ui.cohorts.words import COUNTED_NEXT, when_counted
from prioritisation.ui.colours import on_paper
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
    assert set(few) < set(many) and list(many[: len(few)]) == list(few)
    rest = [each for each in many if each not in few]
    told = f"Not available with these conditions, last in the list: {', '.join(rest[:6])}"
    assert (told if few[1:] else "Nothing more in the list is available with these conditions.") in said(test)


def test_the_names_in_the_cards_stay_whatever_is_chosen(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, MENU, own("age:75-84"))
    test.toggle(key="card-also-uncounted").set_value(True).run()
    cards = ("age", "sex", "services", "flags", "partners", "partners_at_least", "contacts_band")
    before = {card: set(box(test, f"card-{card}").options) for card in cards}
    for card, value in (("sex", "female"), ("partners", "police"), ("flags", "disability"), ("services", "custody")):
        box(test, f"card-{card}").set_value([value]).run()
        assert {card: set(box(test, f"card-{card}").options) for card in cards} == before, value
    rule = "age:75-84;sex:female;services_all:custody;flags_all:disability;partners_all:police"
    assert in_address(test, "rule") == rule and "not available: this combination was not counted" in said(test)


def test_the_rest_is_offered_only_where_there_is_one(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, own(""))
    assert not [each for each in test.toggle if each.key == "card-also-uncounted"]


@pytest.mark.parametrize("cohort", ["several-needs", "partners-3"])
def test_no_name_of_the_waterfall_runs_into_the_next(cohort: str, open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, BOOKMARK, {"cohort": cohort})
    axis = json.loads(test.get("plotly_chart")[0].proto.spec)["layout"]["yaxis"]
    total, ends = max(axis["range"]), []
    for middle, name in zip(axis["tickvals"], axis["ticktext"], strict=True):
        half = 7 * (name.count("<br>") + 1)
        ends += [middle - half, middle + half]
    assert ends == sorted(ends) and ends[0] >= 0 and ends[-1] <= total


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


def spread(*people: int | None) -> Spread:
    """Areas A, B, ... with these published counts; None: suppressed."""
    rows = [(0, None, 9, "suppressed") if each is None else (each - 2, each, each + 2, "published") for each in people]
    counts = pd.DataFrame(
        rows, columns=["low", "people", "high", "status"], index=[f"S{place}" for place in range(len(rows))]
    )
    counts.insert(0, "name", [chr(65 + place) for place in range(len(rows))])
    return Spread("data zone", counts.astype({"low": "Int64", "people": "Int64", "high": "Int64"}), "people")


@pytest.mark.parametrize(("people", "told"), [
    ((30, 15, 15, 15, 10, 10, 60), "The largest published counts: G (about 60), A (about 30), B (about 15), "
     "C (about 15) and D (about 15); all 7"),
    ((90, 30, 20, 15, 10, 10, None), "Most of those with a published count live in A (about 90), B (about 30) and "
     "C (about 20); 1 of 7 small areas is hidden"),
    ((30, 15, *[10] * 22), "The published counts: A (about 30), B (about 15) and 22 small areas with about 10 each"),
    ((15, *[10] * 22, None), "The published counts: A (about 15) and 22 small areas with about 10 each; 1 of 24"),
    ((15, 10, None), "The published counts: A (about 15) and B (about 10); 1 of 3"),
    ((20, 20, 20, 20, 20, 20, 20, 10), "The largest published counts: 7 small areas with about 20 each; all 8"),
    ((25, 15, 15, 10, 10, 10, 10, 10), "The largest published counts: A (about 25), B (about 15) and C (about 15); "
     "all 8"),
    ((None, None), "No small area has a published count: 2 of 2 small areas are hidden"),
])  # fmt: skip
def test_most_is_said_only_of_more_than_half_and_ties_are_told(people: tuple[int | None, ...], told: str) -> None:
    assert spread_sentence(spread(*people)).startswith(told)


def test_a_legend_has_only_numbers_that_counts_can_take() -> None:
    for people in ((10, 15, 20, None), (10, *[15] * 9, 20, 35), (85, 90, 115, 115, 120, 185)):
        each = spread(*people)
        words = [key.words for key in keys_of(each.looks, each.counts["people"], on_paper()) if key.kind == "class"]
        ends = [int(end) for word in words for end in word.split("\N{EN DASH}")]
        assert ends == sorted(ends) and set(ends) <= set(people) and len(set(words)) == len(words)
        assert ends[0] == min(each.counts["people"].dropna()) and ends[-1] == max(each.counts["people"].dropna())


def test_what_is_not_asked_of_the_chosen_locality_says_so(
    open_page: OpenPage, folder: DataFolder, cube: PublishedCube
) -> None:
    place = cube.areas("locality")[0]
    text = said(open_page("Cohorts", folder, BOOKMARK, {"question": "where", "locality": place}))
    assert "In the whole council: " in text and f"those of the whole council, not of {place} alone" in text
    assert "On the shortlist of the present weights, for the whole council: " in text
    text = said(open_page("Cohorts", folder, BOOKMARK, {"question": "first", "locality": place}))
    assert f"All of this tab is about the whole council, not {place} alone." in text
    for question in ("where", "first"):
        text = said(open_page("Cohorts", folder, BOOKMARK, {"question": question}))
        assert "whole council, not" not in text and "In the whole council" not in text


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


def test_the_sets_compared_are_chosen_and_kept_in_the_address(open_page: OpenPage, folder: DataFolder) -> None:
    test = open_page("Cohorts", folder, MENU, {"question": "overlap", "overlap": "services"})
    assert len(box(test, "overlap-sets-services").value) == 8
    assert "Compared are the 8 largest of 29 services; combinations with the other 21 are not looked at." in said(test)
    box(test, "overlap-sets-services").set_value(["advice", "food"]).run()
    assert in_address(test, "sets") == "advice,food"
    assert "Compared are 2 of 29 services" in said(test) and "with advice and food support" in said(test)
    box(test, "overlap-sets-services").set_value([]).run()
    assert "sets" not in test.query_params and "Compared are the 8 largest" in said(test)
    for link in ({"overlap": "services", "how": "exactly", "sets": "advice,food"}, {"overlap": "partners"}):
        other = open_page("Cohorts", folder, BOOKMARK, {"question": "overlap", **link})
        assert not other.exception
    assert "Compared are" not in said(other)


def test_what_cannot_be_counted_exactly_says_why(open_page: OpenPage, folder: DataFolder, cube: PublishedCube) -> None:
    link = {"question": "overlap", "how": "exactly"}
    text = said(open_page("Cohorts", folder, BOOKMARK, {**link, "overlap": "services"}))
    assert "'Exactly these, no other' cannot be chosen here. It is not counted for services: there are 29" in text
    place = cube.areas("locality")[0]
    text = said(open_page("Cohorts", folder, BOOKMARK, {**link, "overlap": "partners", "locality": place}))
    assert "It was counted for partners in the whole council only" in text


def test_cost_says_that_it_is_about_other_people(open_page: OpenPage, folder: DataFolder) -> None:
    text = said(open_page("Cohorts", folder, BOOKMARK, {"question": "contact"}))
    assert "are different people" in text and "Those who make up the first 50% of all cost" in text
    assert re.search(r"people for whom partners sent a cost: about [\d,]+ of about [\d,]+ known\.", text)


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


def test_a_saved_cohort_that_other_counts_tell_is_not_said_to_have_none(
    open_page: OpenPage, folder: DataFolder, workspace: Workspace
) -> None:
    rule = CohortRule(age=("85+",), services_all=("home_care",))
    row = save(workspace, name="Very old, home care", why="To plan together", rule=rule, by="Council")
    test = open_page("Cohorts", folder, BOOKMARK, {"cohort": row.cohort_id})
    assert "To plan together. Counted over" in said(test)
    assert "The number above is put together from other published counts. This cohort's own counts" in said(test)
    assert "Very old, home care" in box(test, "choose-cohort").options
    text = said(open_page("Cohorts", folder, BOOKMARK, {"cohort": row.cohort_id, "question": "first"}))
    assert "1 more waits to be counted." in text and "Not ranked: no counts of their own yet" in text
    assert f"Very old, home care</strong>: {COUNTED_NEXT}" in text
    assert "Your own, on screen" in said(open_page("Cohorts", folder, BOOKMARK, own(HOME_CARE, question="first")))


def test_what_was_counted_nowhere_is_not_said_to_be_counted_for_the_council(
    open_page: OpenPage, folder: DataFolder
) -> None:
    text = said(open_page("Cohorts", folder, BOOKMARK, own(NOT_COUNTED, question="where")))
    assert "not counted together, for the whole council or for any smaller area" in text
    assert "only for the whole council" not in text


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
