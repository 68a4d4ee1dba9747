"""One project key for each partner: a second one is refused, unless new files replace all that the first one made."""

from __future__ import annotations

import pytest
from drawn_partner_files import rows, write_csv
from people_places import Places

from prioritisation.errors import UserError

OLD, NEW = "project-2025", "project-2026"


def _refused(places: Places, *names: str, **asked: object) -> UserError:
    """The refusal of an import, and of a check of the same; nothing has changed."""
    before = places.snapshot()
    paths = [places.files / name for name in names]
    with pytest.raises(UserError) as checked:
        places.check(*paths, **asked)
    with pytest.raises(UserError) as refused:
        places.load(*paths, **asked)
    assert str(checked.value) == str(refused.value)
    assert places.snapshot() == before
    return refused.value


def _keys(places: Places) -> list[tuple]:
    return places.people("SELECT extract_id, partner, key_id, replaces FROM extract ORDER BY 1")


@pytest.fixture
def stored(places: Places) -> Places:
    """A store with two extracts of the council and one of the police, made with the old key."""
    for month in ("2025-10", "2025-11"):
        places.load(write_csv(places.files / f"{month}.csv", rows(30, month=month, key_id=OLD)))
    police = rows(30, partner="police", service="victim", key_id=OLD)
    places.load(write_csv(places.files / "police.csv", police))
    return places


def test_a_second_key_of_a_partner_is_refused(stored: Places) -> None:
    write_csv(stored.files / "new.csv", rows(30, month="2026-01", key_id=NEW))
    refused = _refused(stored, "new.csv")
    text = str(refused)
    assert "extracts made with different project keys" in refused.found
    assert "Council (council): key project-2025 made extract 1 of the store and extract 2 of the store" in text
    assert "key project-2026 made new.csv" in text
    assert "--replaces 1 --replaces 2" in text
    assert "--start-again" in refused.remedy
    assert "police" not in text


def test_files_that_cover_everything_change_the_key(stored: Places) -> None:
    made = [*rows(30, month="2025-10", key_id=NEW), *rows(30, month="2025-11", key_id=NEW)]
    stored.load(write_csv(stored.files / "new.csv", made))
    assert _keys(stored) == [(3, "police", OLD, None), (4, "council", NEW, None)]


def test_one_file_may_replace_several_extracts(stored: Places) -> None:
    write_csv(stored.files / "new.csv", rows(30, month="2026-01", key_id=NEW))
    assert "extract 2 of the store" in str(_refused(stored, "new.csv", replaces=(1,)))
    stored.load(stored.files / "new.csv", replaces=(1, 2))
    assert _keys(stored) == [(3, "police", OLD, None), (4, "council", NEW, "1;2")]


def test_a_part_that_is_not_covered_keeps_the_old_key(stored: Places) -> None:
    write_csv(stored.files / "new.csv", rows(30, first=100, month="2025-10", key_id=NEW))
    text = str(_refused(stored, "new.csv"))
    assert "made extract 2 of the store; key project-2026 made new.csv" in text
    assert "extract 1 of the store" not in text


def test_two_keys_in_the_files_of_one_import_are_refused(places: Places) -> None:
    for key_id, month in ((OLD, "2025-12"), (NEW, "2026-01")):
        write_csv(places.files / f"{key_id}.csv", rows(30, month=month, key_id=key_id))
    text = str(_refused(places, f"{OLD}.csv", f"{NEW}.csv"))
    assert "key project-2025 made project-2025.csv; key project-2026 made project-2026.csv" in text
    assert "--replaces 1" not in text


def test_a_new_start_may_change_the_key(stored: Places) -> None:
    stored.load(write_csv(stored.files / "new.csv", rows(30, month="2026-01", key_id=NEW)), start_again=True)
    assert [each[:3] for each in _keys(stored)] == [(1, "council", NEW)]


def test_an_extract_past_retention_holds_no_key(stored: Places) -> None:
    later = stored.people("SELECT max(retain_until) FROM extract")[0][0].replace(month=12)
    new = write_csv(stored.files / "new.csv", rows(30, month="2026-01", key_id=NEW))
    stored.load(new, today=later, retain_until=later.replace(year=later.year + 1))
    assert [each[1:3] for each in _keys(stored)] == [("council", NEW)]


def test_keys_that_differ_between_partners_are_said(stored: Places) -> None:
    """A person known by a kind of key that matches between partners is two people under two project keys."""
    apart = "People known by chi cannot match between partners whose project keys differ"
    other = write_csv(stored.files / "fire.csv", rows(30, partner="fire", service="fire_incident", key_id=NEW))
    own = rows(30, partner="nhs", service="out_of_hours", key_id="of-the-nhs", key_kind="partner_reference")
    summary = stored.load(other, write_csv(stored.files / "nhs.csv", own))
    assert f"{apart}: project-2025 at council and police; project-2026 at fire." in summary.text
    assert "of-the-nhs" not in summary.text.split(apart)[1]
    again = rows(30, first=100, partner="fire", service="fire_incident", key_id=OLD)
    assert apart not in stored.load(write_csv(stored.files / "fire2.csv", again)).text


def test_people_under_two_project_keys_never_match(places: Places) -> None:
    """What the summary says: the first key differs, so the second one does."""
    police = rows(30, first=100, partner="police", service="victim", key_id=NEW)
    places.load(
        write_csv(places.files / "council.csv", rows(30, key_id=OLD)), write_csv(places.files / "police.csv", police)
    )
    assert places.people("SELECT count(*) FROM person") == [(60,)]
