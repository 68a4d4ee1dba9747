"""Who is on a list and in whose file, over drawn worlds: only the right partner's keys, in the right order."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date

import pytest
from drawn_world import AREAS, CONTRACT, COUNCIL, KEY, UNTIL, ZONES, Person, World, rule, store_of, world
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritisation.ingest.contacts.choosing import Found, Known, Wanted, choose_people
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.referrals.asking import Asked
from prioritisation.referrals.files import BLANK, FILLED, Lists, partner_files, share_said
from prioritisation.referrals.order import Listed, ordered, who_fits
from prioritisation.referrals.signed_pack import PackCohort, SignedPack
from prioritisation.workspace.records import Who

DECISION = "k3n8wq2m5xvt"
PACK = SignedPack(
    decision_id=DECISION,
    agreed_on="2026-07-01",
    areas=tuple(ZONES[:3]),
    cohorts={},
    council=COUNCIL,
    council_name="Somewhere",
    note="",
    expires=date(2027, 7, 1),
    signed_by="f" * 16,
    digest="d" * 32,
)
ASKED = Asked("partners-2", False, "Outreach", Who("Lead", "INT"), 10, date(2026, 7, 2), date(2026, 9, 30))
COHORT = PackCohort("partners-2", "Two partners", "People in contact with 2 or more partners", {})


def chosen(drawn: World, least: int, zones: tuple[str, ...] | None) -> Found:
    with store_of(drawn.people) as store:
        return choose_people(
            store,
            Wanted(rule(partners_at_least=least) if least > 1 else rule(sex=["female"]), zones),
            drawn.present,
            contract=CONTRACT,
            areas=AREAS,
            council=COUNCIL,
            until=UNTIL,
        )


def tables(drawn: World, found: Found, capacity: int, asked: Asked = ASKED) -> dict[str, list[dict[str, str]]]:
    """Make the files and read the tables back, by partner."""
    people = [Listed(each, None) for each in who_fits(found.people, capacity, DECISION, KEY)]
    files = partner_files(Lists(asked, PACK, COHORT, CONTRACT, people, found, UNTIL, None), drawn.present)
    return {
        partner: list(csv.DictReader(io.StringIO(files[f"{partner.replace('_', '-')}-referrals.csv"].decode())))
        for partner in drawn.sent
    }


def slow_list(drawn: World, least: int, zones: tuple[str, ...] | None, capacity: int) -> list[Person]:
    """Go through everybody one by one; equals stay in the order of the list made here."""
    found = []
    for each in drawn.people:
        inside = zones is None or each.area in zones
        named = [partner for partner in each.met() if (each.kind, each.first(partner)) in drawn.sent.get(partner, [])]
        if inside and named and len(each.met()) >= least:
            found.append(each)
    return sorted(found, key=lambda each: (-len(each.met()), -each.count()))[:capacity]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    least=st.sampled_from([1, 2, 3]),
    zones=st.sampled_from([None, tuple(ZONES[:3]), (ZONES[0],), ()]),
    capacity=st.integers(1, 80),
)
def test_a_file_holds_its_own_partners_keys_only(
    seed: int, least: int, zones: tuple[str, ...] | None, capacity: int
) -> None:
    drawn = world(seed)
    found = chosen(drawn, least, zones)
    made = tables(drawn, found, capacity)
    by_key = {(partner, each.first(partner)): each for each in drawn.people for partner in each.partners}
    on_list = set()
    for partner, rows in made.items():
        for row in rows:
            person = by_key[partner, row["key"]]
            on_list.add(person.number)
            assert (person.kind, row["key"]) in drawn.sent[partner]
            assert partner in person.met()
            assert zones is None or person.area in zones
            assert (int(row["partners_in_contact"]), int(row["contacts_in_12_months"])) == (
                len(person.met()),
                person.count(),
            )
        shown = [(-int(row["partners_in_contact"]), -int(row["contacts_in_12_months"])) for row in rows]
        assert shown == sorted(shown)
        assert len({row["key"] for row in rows}) == len(rows)
    expected = slow_list(drawn, least, zones, capacity)
    weights = sorted((len(each.met()), each.count()) for each in expected)
    listed = [each for each in drawn.people if each.number in on_list]
    assert sorted((len(each.met()), each.count()) for each in listed) == weights
    for person in listed:
        for partner in person.met():
            sent = (person.kind, person.first(partner)) in drawn.sent.get(partner, [])
            there = person.first(partner) in [row["key"] for row in made.get(partner, [])]
            assert there == sent


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_could_not_be_matched_is_counted_right(seed: int) -> None:
    drawn = world(seed)
    found = chosen(drawn, 1, None)
    for partner, (there, sent) in found.matched.items():
        known = [each for each in drawn.people if partner in each.met()]
        named = [each for each in known if (each.kind, each.first(partner)) in drawn.sent.get(partner, [])]
        assert (there, sent) == (len(known), len(named))


def test_nobody_without_a_mapped_area_unless_the_whole_council_is_asked_for() -> None:
    drawn = world(7)
    nowhere = {each.second() for each in drawn.people if each.area not in ZONES and each.met()}
    assert nowhere
    assert not {each.second for each in chosen(drawn, 1, tuple(ZONES)).people} & nowhere
    assert {each.second for each in chosen(drawn, 1, None).people} >= nowhere


def test_equals_come_in_an_order_that_only_the_key_makes() -> None:
    people = [
        Known(hashlib.sha256(bytes([number])).digest(), "chi", 5, ("nhs", "hscp"), ("nhs",)) for number in range(40)
    ]
    first = ordered(people, DECISION, KEY)
    assert first == ordered(people[::-1], DECISION, KEY)
    assert first != people
    assert first != ordered(people, "another", KEY)
    assert first != ordered(people, DECISION, AppKey(bytes(range(32))))
    more = [*people, replace(people[0], second=b"x", contacts=6), replace(people[0], second=b"y", partners=("a",) * 3)]
    assert [each.second for each in ordered(more, DECISION, KEY)[:2]] == [b"y", b"x"]


def test_capacity_counts_people_and_not_files() -> None:
    drawn = world(11, everything_sent=True)
    found = chosen(drawn, 2, None)
    made = tables(drawn, found, 3)
    by_key = {(partner, each.first(partner)): each.number for each in drawn.people for partner in each.partners}
    assert len({by_key[partner, row["key"]] for partner, rows in made.items() for row in rows}) == 3
    assert sum(len(rows) for rows in made.values()) > 3


def test_covers_hold_no_key_and_no_other_number_of_people() -> None:
    drawn = world(3, everything_sent=True)
    found = chosen(drawn, 1, None)
    people = [Listed(each, frozenset(each.reached_by)) for each in who_fits(found.people, 10, DECISION, KEY)]
    files = partner_files(Lists(ASKED, PACK, COHORT, CONTRACT, people, found, UNTIL, date(2026, 5, 1)), drawn.present)
    for name, content in files.items():
        text = content.decode()
        if name.endswith(".csv"):
            assert text.splitlines()[0] == ",".join((*FILLED, *BLANK))
            assert all(line.endswith(",,,,,") for line in text.splitlines()[1:])
            continue
        assert "Outreach" in text and "Lead, INT (not verified)" in text and "2026-09-30" in text
        assert not [first for keys in drawn.sent.values() for _, first in keys if first[:12] in text]
        assert "2026-05-01" in text
    assert "about 10 people" in files["about-this-list.txt"].decode()
    assert "about 10 people" not in files[next(name for name in files if name.endswith("cover.txt"))].decode()


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 19, "too few"),
        (0, 20, "less than 5%"),
        (1, 100, "less than 5%"),
        (3, 20, "about 15%"),
        (20, 20, "about 100%"),
    ],
)
def test_shares_are_coarse(part: int, whole: int, said: str) -> None:
    assert said in share_said(part, whole)
