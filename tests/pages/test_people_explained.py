"""What Data and Method say to somebody who governs information: rules, attack, retention, and the words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from opened import OpenPage, html_of

from prioritisation.catalogue import OF_WIDER_AREAS
from prioritisation.disclosure.policy import DEFAULT, Policy
from prioritisation.folder import DataFolder
from prioritisation.store import open_store
from prioritisation.ui import method_page, protection
from prioritisation.ui.cohorts import absent


@pytest.fixture
def facts(demonstration_with_people: DataFolder, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the release on screen says of its counts, for a test to change."""
    with open_store(demonstration_with_people) as store:
        known = dict(store.cube_facts())
    for module in (absent, protection):
        monkeypatch.setattr(module, "facts_of", lambda view: known)
    return known


def test_data_says_what_the_attack_found(
    open_page: OpenPage, demonstration_with_people: DataFolder, facts: dict[str, str]
) -> None:
    facts |= {"audited_at": "2026-11-03"}
    said = html_of(open_page("Data", demonstration_with_people))
    assert "On 3 November 2026, before they were published" in said
    assert ": passed." in said
    for name, each in json.loads(facts["audit"])["attacks"].items():
        assert f"{name}: {', '.join(each['results'])} (wanted: {each['target']})".replace("'", "&#x27;") in said
    assert "{" not in said.split("Attacked</dt>")[1].split("</dl>")[0]


def test_data_says_that_quick_was_not_attacked_and_what_to_do(
    open_page: OpenPage, demonstration_with_people: DataFolder, facts: dict[str, str]
) -> None:
    for name in ("audited_at", "audit"):
        del facts[name]
    said = html_of(open_page("Data", demonstration_with_people)).split("Attacked</dt>")[1].split("</dd>")[0]
    assert "No. As --quick does, these counts were published without trying" in said
    assert "prioritisation demonstration --people</code> without --quick" in said
    assert "prioritisation audit-disclosure" in said


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ("2029-04-01", "1 April 2029. Then"),
        ("2027-01-01;2029-04-01", "1 January 2027, the last of them 1 April 2029. Then"),
    ],
)
def test_data_says_how_long_people_are_kept(
    open_page: OpenPage, demonstration_with_people: DataFolder, facts: dict[str, str], known: str, told: str
) -> None:
    facts |= {"retain_until": known}
    assert told in html_of(open_page("Data", demonstration_with_people))


def test_data_shows_how_contacts_are_checked_and_imported(
    open_page: OpenPage, demonstration_with_people: DataFolder, facts: dict[str, str]
) -> None:
    facts.pop("retain_until", None)
    test = open_page("Data", demonstration_with_people)
    said = html_of(test)
    assert "Held: it keeps its last published value while fewer than 10 people have come or gone" in said
    assert "People kept until" not in said
    codes = [each.value for each in test.code]
    assert "prioritisation import contacts --check FILES\nprioritisation import contacts FILES" in codes


def test_rows_of_wider_areas_say_so(open_page: OpenPage, demonstration_with_people: DataFolder) -> None:
    """They have no suppressed value because each area shows its intermediate zone's."""
    with open_store(demonstration_with_people) as store:
        wider = store.indicators()["caveat"].fillna("").str.contains(OF_WIDER_AREAS, regex=False)
    assert wider.any()
    said = html_of(open_page("Data", demonstration_with_people))
    assert said.count("shown as its intermediate zone&#x27;s: too few people") == wider.sum()


TIGHT = Policy(20, 10, 15, 50, 0.4, 100)


@pytest.mark.parametrize("policy", [DEFAULT, TIGHT])
def test_method_tells_the_policy_in_force(
    open_page: OpenPage, demonstration_with_people: DataFolder, monkeypatch: pytest.MonkeyPatch, policy: Policy
) -> None:
    monkeypatch.setattr(protection, "load_policy", lambda folder: policy)
    said = html_of(open_page("Method", demonstration_with_people)).split("Partners hold data about people")[1]
    for words in (
        f"A count under {policy.suppress_counts_under} people is hidden, nobody included",
        f"so that 0 and {policy.suppress_counts_under - 1} look the same",
        f"every count out of fewer than {policy.suppress_denominators_under} people",
        f"A count that leaves out fewer than {policy.suppress_counts_under} of",
        f"rounded to the nearest {policy.round_to_nearest}: ",
        f"fewer than {policy.hold_changes_under} people have joined or left it",
        f"rounded to the nearest {policy.round_contacts_to_nearest}, and hidden",
        f"more than {policy.top_two_share_at_most:.0%} of them",
        f"0 to {policy.suppressed[1]} people; more where",
    ):
        assert words in said
    assert ("was counted under other rules" in said) is (policy is TIGHT)


@pytest.mark.parametrize("policy", [DEFAULT, TIGHT, replace(DEFAULT, round_to_nearest=7)])
def test_the_example_of_rounding_is_a_published_count(policy: Policy) -> None:
    text = dict(protection.rules_of(policy))["Rounding"]
    shown, low, high = (int(word) for word in text.split(": ")[1].split(".")[0].split() if word.isdigit())
    assert shown % policy.round_to_nearest == 0
    assert shown >= policy.suppress_counts_under
    assert (low, high) == policy.interval(shown)


def test_method_has_every_word_of_the_product(open_page: OpenPage, demonstration_with_people: DataFolder) -> None:
    said = html_of(open_page("Method", demonstration_with_people))
    for word in (
        *("Area", "Locality", "Patch", "Indicator", "Priority", "Weight", "Score", "Rank", "Shortlist", "Cut line"),
        *("Scenario", "Framework", "Cohort", "Contact", "Partner", "Release", "Suppressed", "Missing", "Pack"),
    ):
        assert f"<dt>{word}</dt>" in said
    assert "there is a value, but it is not published, to protect people; a count of people says hidden." in said
    assert list(method_page.TABS)[-2:] == ["people", "words"]
