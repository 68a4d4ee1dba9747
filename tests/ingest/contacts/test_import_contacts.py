"""Clean extracts in, a restricted store out: keyed again, resolved, replaced, purged, for its owner only."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest
from drawn_files import ELSEWHERE
from drawn_partner_files import AREAS, CONTRACT, TODAY, UNTIL, first_key, row, rows, write_csv
from people_places import Places

from prioritisation import confined
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts import read
from prioritisation.ingest.contacts.importing import purge
from prioritisation.ingest.contacts.keying import AppKey, second_key
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.ingest.contacts.said import people_said
from prioritisation.ingest.publish import rollback


def _held(places: Places) -> set[tuple]:
    """Who is in the store: second key, service, month, contacts."""
    return set(
        places.people(
            "SELECT p.person, c.service, strftime(c.month, '%Y-%m'), c.contacts "
            "FROM contact AS c JOIN person AS p USING (person_id)"
        )
    )


def _expected(places: Places, made: list[dict[str, str]]) -> set[tuple]:
    return {
        (
            second_key(bytes.fromhex(each["person_key"]), each["key_kind"], each["partner"], places.key),
            each["service"],
            each["month"],
            int(each["contacts"]),
        )
        for each in made
    }


def test_rows_arrive_keyed_again(places: Places) -> None:
    made = [*rows(30), *rows(20, service="housing_application", month="2025-11", cost="12.50")]
    summary = places.load(write_csv(places.files / "council.csv", made))
    assert _held(places) == _expected(places, made)
    assert places.people("SELECT count(*), min(person_id), max(person_id) FROM person") == [(30, 0, 29)]
    assert places.people("SELECT sum(cost) FROM contact") == [(250,)]
    assert places.people("SELECT DISTINCT flags FROM contact ORDER BY 1") == [([],), (["money"],)]
    assert "extract 1 from council, 50 rows, about 30 people, 2025-11 to 2026-01" in summary.text
    assert summary.release_id == places.data.published().current


def test_the_first_key_is_nowhere(places: Places) -> None:
    places.load(write_csv(places.files / "council.csv", rows(60)))
    content = b"".join(places.snapshot().values())
    for person in range(60):
        assert first_key(person).encode() not in content
        assert bytes.fromhex(first_key(person)) not in content
    second = second_key(bytes.fromhex(first_key(0)), "chi", "council", places.key)
    assert (second,) in places.people("SELECT person FROM person")


def test_only_the_owner_may_read(places: Places) -> None:
    places.load(write_csv(places.files / "council.csv", rows()))
    assert stat.S_IMODE(places.restricted.root.stat().st_mode) == 0o700
    files = [path for path in places.restricted.root.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert sorted(path.suffix for path in files) == [".duckdb", ".txt"]


@pytest.mark.parametrize("inside", ["store/restricted", "store", "."])
def test_never_in_or_around_the_data_folder(places: Places, tmp_path: Path, inside: str) -> None:
    with pytest.raises(UserError, match="must not lie in or around the data folder"):
        RestrictedFolder.chosen(places.data, tmp_path / inside)


def test_a_restricted_folder_serves_one_data_folder(places: Places, tmp_path: Path) -> None:
    places.load(write_csv(places.files / "council.csv", rows()))
    (tmp_path / "other").mkdir()
    before = places.snapshot()
    other = type(places.data)(tmp_path / "other")
    for refused in (lambda: places.restricted.prepare(other), lambda: purge(other, places.restricted, UNTIL)):
        with pytest.raises(UserError, match="belongs to the data in"):
            refused()
    assert places.snapshot() == before


def test_a_moved_data_folder_keeps_its_people(places: Places, tmp_path: Path) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    places.data.root.rename(tmp_path / "moved")
    places.data = DataFolder(tmp_path / "moved")
    later = rows(30, partner="police", service="victim")
    places.load(write_csv(places.files / "b.csv", later))
    assert _held(places) == _expected(places, [*rows(30), *later])


def test_people_of_an_unpublished_release_are_removed(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    good = places.people_file()
    stray = good.with_name("people-r0009-00000009.duckdb")
    stray.write_bytes(good.read_bytes())
    places.purge(TODAY)
    assert not stray.exists()
    assert good.exists()


def test_without_a_pointer_nobody_is_removed(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    kept = places.people_file()
    places.data.pointer.unlink()
    assert places.purge(TODAY) == {}
    assert kept.exists()


def test_people_match_within_a_kind_of_key(places: Places) -> None:
    """The same first key of another partner is the same person, unless it is a reference of the partner's own."""
    council = [row(1), row(2, key_kind="partner_reference")]
    police = [{**each, "partner": "police", "service": "victim"} for each in council]
    places.load(
        write_csv(places.files / "a.csv", council),
        write_csv(places.files / "b.csv", police),
    )
    assert places.people("SELECT key_kind, count(*) FROM person GROUP BY 1 ORDER BY 1") == [
        ("chi", 1),
        ("partner_reference", 2),
    ]


def test_a_postcode_becomes_its_area_and_is_gone(places: Places) -> None:
    made = [row(1, area="ka26 1aa"), row(2, area="no fixed abode"), row(3, area="withheld")]
    places.load(write_csv(places.files / "council.csv", made))
    found = places.people("SELECT area_code, place FROM contact ORDER BY place, area_code")
    assert found == [(AREAS[1], "area"), (None, "no fixed abode"), (None, "withheld")]
    assert b"KA26" not in b"".join(
        path.read_bytes().upper() for path in places.restricted.root.rglob("*") if path.is_file()
    )


def test_one_resolved_row_per_person(places: Places) -> None:
    made = [
        row(1, area=AREAS[0], age_band="25-44", sex="female", month="2025-01"),
        row(1, area=AREAS[4], age_band="45-64", sex="not known", month="2026-01"),
        row(2, area="withheld", month="2025-01"),
        row(2, area=AREAS[4], month="2026-01"),
        row(3, area=AREAS[7], age_band="not known", month="2026-01"),
        row(3, area=AREAS[5], age_band="not known", month="2026-01"),
        row(4, area="no fixed abode"),
    ]
    places.load(write_csv(places.files / "council.csv", made))
    found = places.people(
        "SELECT p.person, area_code, place, age_band, sex FROM resident JOIN person AS p USING (person_id)"
    )
    by_key = {each[0]: each[1:] for each in found}
    keys = [second_key(bytes.fromhex(first_key(person)), "chi", "council", places.key) for person in range(5)]
    assert by_key[keys[1]] == (AREAS[4], "area", "45-64", "female")
    assert by_key[keys[2]][:2] == (None, "withheld")
    assert by_key[keys[3]][:3] == (AREAS[5], "area", "not known")
    assert by_key[keys[4]][:2] == (None, "no fixed abode")


def test_a_later_extract_wins_a_tie_whatever_the_order_of_rows(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", [row(1, area=AREAS[0])]))
    places.load(write_csv(places.files / "b.csv", [row(1, area=AREAS[9], partner="police", service="victim")]))
    assert places.people("SELECT area_code FROM resident") == [(AREAS[9],)]


def test_the_same_content_again_is_skipped(places: Places) -> None:
    made = rows()
    first = places.load(write_csv(places.files / "council.csv", made))
    before = places.snapshot()
    again = places.load(write_csv(places.files / "sent again.csv", made[::-1]))
    assert "the same as extract 1, already imported; skipped" in again.text
    assert again.release_id is None
    assert places.snapshot() == before
    assert places.data.published().current == first.release_id


def test_a_corrected_extract_replaces_what_it_covers(places: Places) -> None:
    other = rows(30, partner="police", service="victim")
    kept = rows(30, month="2025-12")
    old = rows(30)
    places.load(
        write_csv(places.files / "a.csv", [*kept, *old, *rows(30, service="housing_application")]),
        write_csv(places.files / "b.csv", other),
    )
    corrected = rows(25, first=3, contacts="7")
    summary = places.load(write_csv(places.files / "c.csv", corrected))
    assert _held(places) == _expected(places, [*kept, *corrected, *rows(30, service="housing_application"), *other])
    assert "Extract 1 (council, 2025-12 to 2026-01): 33% of the rows replaced" in summary.text
    assert places.people("SELECT extract_id FROM extract ORDER BY 1") == [(1,), (2,), (3,)]


def test_a_late_part_is_questioned_and_may_be_stated(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(60)))
    late = write_csv(places.files / "late.csv", rows(20, first=100))
    before = places.snapshot()
    with pytest.raises(UserError, match=r"fewer than half of the rows.*--replaces 1"):
        places.load(late)
    assert places.snapshot() == before
    places.load(late, replaces=(1,))
    assert _held(places) == _expected(places, rows(20, first=100))
    assert places.people("SELECT extract_id, replaces FROM extract") == [(2, "1")]


def test_replacing_what_is_not_there_is_refused(places: Places) -> None:
    with pytest.raises(UserError, match="Extract 4 is not in the restricted store"):
        places.load(write_csv(places.files / "a.csv", rows(60)), replaces=(4,))


def test_two_files_of_one_import_must_not_overlap(places: Places) -> None:
    paths = [write_csv(places.files / name, rows(30, first=first)) for name, first in (("a.csv", 0), ("b.csv", 50))]
    with pytest.raises(UserError, match=r"b\.csv: it covers months of Rent arrears that a\.csv covers too"):
        places.load(*paths)


def test_purge_removes_people_past_retention(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)), retain_until=date(2027, 1, 1))
    places.load(write_csv(places.files / "b.csv", rows(30, first=20, partner="police", service="victim")))
    release = places.data.published()
    assert places.purge(date(2026, 12, 31)) == {}
    gone = places.purge(date(2027, 1, 2))
    assert set(gone) == set(release.releases[1:])
    assert places.data.published() == release
    assert _held(places) == _expected(places, rows(30, first=20, partner="police", service="victim"))
    oldest = second_key(bytes.fromhex(first_key(0)), "chi", "council", places.key)
    for path in places.restricted.people_files().values():
        assert oldest not in path.read_bytes()


def test_an_import_leaves_out_who_is_past_retention(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)), retain_until=date(2026, 5, 1))
    later = rows(30, partner="police", service="victim")
    places.load(write_csv(places.files / "b.csv", later), today=date(2026, 5, 2))
    assert _held(places) == _expected(places, later)


@pytest.mark.parametrize("until", [TODAY, date(2025, 1, 1), date(2046, 1, 1)])
def test_retention_is_within_ten_years(places: Places, until: date) -> None:
    with pytest.raises(UserError, match="retention date"):
        places.load(write_csv(places.files / "a.csv", rows()), retain_until=until)


def test_another_key_of_ours_needs_a_new_start(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    places.key = AppKey(bytes(range(32)))
    police = write_csv(places.files / "b.csv", rows(30, partner="police", service="victim"))
    with pytest.raises(UserError, match="keyed with another key"):
        places.load(police)
    places.load(police, start_again=True)
    assert _held(places) == _expected(places, rows(30, partner="police", service="victim"))


def test_people_that_are_not_in_the_folder_are_missed(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    next(iter(places.restricted.people_files().values())).unlink()
    police = write_csv(places.files / "b.csv", rows(30, partner="police", service="victim"))
    with pytest.raises(UserError, match="is not in"):
        places.load(police)
    assert places.load(police, start_again=True).release_id


def test_rolled_back_people_are_rolled_back_too(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    good = places.data.published().current
    places.load(write_csv(places.files / "wrong.csv", rows(30, partner="police", service="custody")))
    assert rollback(places.data)[1] == good
    fire = rows(30, partner="fire", service="fire_incident")
    places.load(write_csv(places.files / "c.csv", fire))
    assert _held(places) == _expected(places, [*rows(30), *fire])


def test_contract_version_and_key_are_stored(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    facts = dict(places.people("SELECT name, value FROM fact"))
    assert facts["app_key_id"] == places.key.id
    assert facts["contract_version"] == CONTRACT.version


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "fewer than 10 people"), (9, "fewer than 10 people"), (12, "about 10 people"), (1003, "about 1,005 people")],
)
def test_numbers_of_people_are_rounded(count: int, said: str) -> None:
    assert people_said(count) == said


def _remember(places: Places, release: str) -> None:
    """Write something into the hold rule's memory of the newest store."""
    key = {"release_id": release, "partner": "council", "key_id": "project-2026"}
    cell = {"node": "n", "area_code": "a", "cell": "c", "release_id": release, "people": 10}
    with duckdb.connect(str(places.people_file())) as connection:
        for table, content in {"snapshot_key": key, "held": cell | {"status": "published", "side": "shown"}}.items():
            names, marks = ", ".join(content), ", ".join("?" * len(content))
            connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(content.values()))


def test_the_hold_rule_remembers_the_newest_release_ever_published(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    places.load(write_csv(places.files / "b.csv", rows(30, partner="police", service="victim")))
    _remember(places, "newest")
    rollback(places.data)
    places.load(write_csv(places.files / "c.csv", rows(30, partner="fire", service="fire_incident")))
    assert places.people("SELECT release_id, key_id FROM snapshot_key") == [("newest", "project-2026")]
    assert places.people("SELECT release_id, people FROM held") == [("newest", 10)]
    assert places.people("SELECT partner FROM extract ORDER BY extract_id") == [("council",), ("fire",)]


def test_after_another_key_of_ours_people_cannot_be_compared(places: Places) -> None:
    places.load(write_csv(places.files / "a.csv", rows(30)))
    _remember(places, "before")
    places.key = AppKey(bytes(range(32)))
    places.load(write_csv(places.files / "a.csv", rows(30)), start_again=True)
    assert places.people("SELECT key_id FROM snapshot_key") == [("project-2026 under an earlier key",)]


def test_rows_of_areas_elsewhere_are_said(places: Places) -> None:
    made = [*rows(15), *rows(15, first=15, area=ELSEWHERE[0])]
    summary = places.load(write_csv(places.files / "a.csv", made))
    assert "50% of the rows are of areas outside this council area" in summary.text


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize("does", ["exec sleep 60", "exit 3", "head -c 100000 /dev/zero", "printf 'J12345678{'"])
def test_a_child_that_fails_is_a_plain_refusal(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    """Whatever becomes of the parsing child: out of time, killed, or taken over and talking nonsense."""
    (tmp_path / "child").write_text(f"#!/bin/sh\n{does}\n")
    (tmp_path / "child").chmod(0o755)
    monkeypatch.setattr(confined.sys, "executable", str(tmp_path / "child"))
    monkeypatch.setattr(read, "_WAIT_SECONDS_FROM", 0.5)
    with pytest.raises(UserError, match=r"a\.csv: reading it took more time or memory than an extract ever needs"):
        places.load(write_csv(places.files / "a.csv", rows(30)))
