"""A check of extracts: all that an import would refuse, and what it would do; nothing is written."""

from __future__ import annotations

import pytest
from drawn_partner_files import row, rows, write_csv
from people_places import Places

from prioritisation.errors import UserError
from prioritisation.folder import DataFolder

ONLY = "Only checked: nothing was imported or written."


def test_a_check_of_the_first_extract_writes_nothing(places: Places) -> None:
    before = places.snapshot()
    made = [*rows(30), *rows(20, service="housing_application", month="2025-11")]
    said = places.check(write_csv(places.files / "council.csv", made))
    assert places.snapshot() == before
    assert not places.restricted.root.exists()
    assert said.release_id is None
    assert "extract 1 from council, 50 rows, about 30 people, 2025-11 to 2026-01" in said.text
    assert "  council: 2025-11 to 2026-01: housing_application, rent_arrears." in said.text
    assert said.text.splitlines()[-1].startswith(ONLY)


def test_a_check_says_what_the_import_then_does(places: Places) -> None:
    old = [*rows(30), *rows(30, month="2025-12"), *rows(30, service="housing_application")]
    places.load(write_csv(places.files / "a.csv", old))
    places.load(write_csv(places.files / "b.csv", rows(30, partner="police", service="victim", month="2025-06")))
    later = write_csv(places.files / "c.csv", [*rows(25, contacts="7"), *rows(25, month="2026-02")])
    before = places.snapshot()
    said = places.check(later).text.splitlines()
    assert places.snapshot() == before
    done = places.load(later).text.splitlines()
    assert said[1 : len(done)] == done[:-1]
    assert "Extract 1 (council, 2025-12 to 2026-01): 33% of the rows replaced or past retention." in said
    covered = said[said.index("Covered then, of everything in the store:") + 1 : -1]
    assert covered == [
        "  council: 2025-12 to 2026-01: housing_application.",
        "  council: 2025-12 to 2026-02: rent_arrears.",
        "  police: 2025-06: victim.",
    ]


def test_months_that_nobody_sent_are_gaps(places: Places) -> None:
    for month in ("2025-03", "2025-04", "2025-09"):
        places.load(write_csv(places.files / f"{month}.csv", rows(30, month=month)))
    said = places.check(write_csv(places.files / "new.csv", rows(30, month="2026-01")))
    assert "  council: 2025-03 to 2025-04, 2025-09, 2026-01: rent_arrears." in said.text


def test_a_check_of_what_is_known_already(places: Places) -> None:
    path = write_csv(places.files / "a.csv", rows())
    places.load(path)
    said = places.check(path)
    assert "the same as extract 1, already imported; skipped" in said.text
    assert ONLY in said.text
    assert "Covered then" not in said.text


def test_a_check_tells_every_fault_as_an_import_does(places: Places) -> None:
    path = write_csv(places.files / "a.csv", [row(0, sex="F", flags="KA7 1AB"), row(1, month="2026-13")])
    before = places.snapshot()
    with pytest.raises(UserError) as checked:
        places.check(path)
    with pytest.raises(UserError) as refused:
        places.load(path)
    assert str(checked.value) == str(refused.value)
    assert len(checked.value.faults) == 3
    assert places.snapshot() == before


def test_few_people_stay_few_in_a_check(places: Places) -> None:
    said = places.check(write_csv(places.files / "a.csv", rows(4)))
    assert "fewer than 10 people" in said.text


def test_a_check_refuses_the_people_of_another_data_folder(places: Places) -> None:
    path = write_csv(places.files / "a.csv", rows())
    places.load(path)
    other = places.data.root.with_name("other")
    places.data.root.rename(other)
    places.restricted.people_file("r0009-00000009").write_bytes(
        places.restricted.people_files().popitem()[1].read_bytes()
    )
    places.data = DataFolder(other)
    before = places.snapshot()
    with pytest.raises(UserError, match="belongs to the data in"):
        places.check(path)
    assert places.snapshot() == before
