"""The partner's tool refuses everything else, all at once, and repeats no cell."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from drawn_extracts import CHI, GOOD, HEADER, SECRET, key, refused, rows_of, wrote
from made_identifiers import OTHERS, chi_numbers

BAD_CELLS = {
    "no CHI number": ("identifier", "1234567890", "not a valid CHI number"),
    "no identifier": ("identifier", "", "no identifier"),
    "a name": ("identifier", SECRET, "not a valid CHI number"),
    "an unknown postcode": ("postcode", "KA9 9ZZ", "not in the postcodes file"),
    "an address": ("postcode", "1 High Street", "no postcode and no data zone"),
    "no area": ("postcode", "", "there is no postcode"),
    "31 February": ("date_of_birth", "31/02/1950", "no such day"),
    "a serial date": ("date_of_birth", "18331", "a number stands where a date belongs"),
    "words for a date": ("contact_date", "last Tuesday", "no date that can be read"),
    "a future month": ("contact_date", "2026-12-01", "in the future"),
    "long ago": ("contact_date", "1999-12-01", "before 2000"),
    "before the birth": ("contact_date", "2026-03-14", "before the birth"),
    "too old": ("date_of_birth", "1890-01-01", "over 120"),
    "another sex": ("sex", SECRET, "no sex that is known"),
    "another partner's service": ("service", "custody", "belongs to another partner"),
    "an unknown service": ("service", SECRET, "no service of the contract"),
    "an unknown flag": ("flags", f"carer;{SECRET}", "no flag of the contract"),
    "no count": ("contacts", "1,234", "no number of contacts"),
    "none at all": ("contacts", "0", "no number of contacts"),
    "half a contact": ("contacts", "1.5", "no number of contacts"),
    "no cost": ("cost", "a tenner", "no cost in pounds"),
    "a negative cost": ("cost", "-3", "no cost in pounds"),
    "a formula": ("contacts", "=SUM(A1:A2)", "holds a formula"),
    "a formula to keep a zero": ("identifier", f'="{CHI}"', "holds a formula"),
}


@pytest.mark.parametrize(("column", "cell", "words"), BAD_CELLS.values(), ids=BAD_CELLS)
def test_a_bad_cell_is_named_and_never_repeated(tmp_path: Path, column: str, cell: str, words: str) -> None:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    if words == "before the birth":
        cells["date_of_birth"] = "2026-04-01"
    with (tmp_path / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER.split(","), (cells | {column: cell}).values()])
    text = refused(tmp_path / "raw.csv")
    assert words in text
    assert "Row 2" in text
    assert not cell or cell not in text
    assert SECRET not in text


def test_all_faults_are_told_at_once_and_counted(tmp_path: Path) -> None:
    bad_sex = [GOOD.replace(",F,", ",Q,")] * 8
    text = refused(wrote(tmp_path, GOOD, *bad_sex, GOOD.replace("home_care", "x"), GOOD + ",more", "short"))
    assert "11 of 12 rows" in text
    assert "Rows 3, 4, 5, 6, 7 and 3 more, column 'sex' (column 4)" in text
    assert "Row 11, column 'service'" in text
    assert "Rows 12, 13: the row has more or fewer cells" in text


def test_faulty_rows_are_left_out_only_when_asked(tmp_path: Path) -> None:
    extract = wrote(tmp_path, GOOD, GOOD.replace(",F,", ",Q,"))
    keyed = key(extract, leave_out_faulty=True)
    assert len(keyed.rows) == 1
    assert keyed.left_out.rows == 1
    assert "faults" in refused(wrote(tmp_path, GOOD.replace(",F,", ",Q,")), leave_out_faulty=True)


def test_unknown_columns_are_refused_unless_left_out_by_name(tmp_path: Path) -> None:
    extract = wrote(tmp_path, f"{GOOD},{SECRET},x", header=f"{HEADER},Surname,Case notes")
    text = refused(extract)
    assert "Column 'Surname' (column 10)" in text
    assert "Column 'Case notes' (column 11)" in text
    assert SECRET not in text
    assert "Case notes" in refused(extract, dropped=("surname",))
    assert len(key(extract, dropped=("surname", "Case Notes")).rows) == 1
    assert "--drop" in refused(extract, dropped=("surname", "Case Notes", "absent"))


def test_columns_that_say_the_same_or_are_lacking_are_named_together(tmp_path: Path) -> None:
    header = "identifier,postcode,data_zone,date_of_birth,age,service"
    text = refused(wrote(tmp_path, f"{CHI},KA7 1AB,S01012417,1950-06-01,75,home_care", header=header))
    assert "Columns number 2 and 3 both give" in text
    assert "Columns number 4 and 5 both give" in text
    assert "There is no column for sex" in text
    assert "There is no column for the date or month" in text


def test_a_first_row_of_people_is_not_shown_as_a_header(tmp_path: Path) -> None:
    text = refused(wrote(tmp_path, GOOD, header=GOOD.replace("home_care", SECRET)))
    assert "no header" in text
    for cell in GOOD.split(","):
        assert len(cell) < 3 or cell not in text
    assert SECRET not in text


@pytest.mark.parametrize("identifier", [CHI, *(texts[0] for texts in OTHERS.values())])
def test_an_identifier_in_a_header_is_not_shown(tmp_path: Path, identifier: str) -> None:
    text = refused(wrote(tmp_path, f"{GOOD},x", header=f"{HEADER},seen {identifier}"))
    assert "Column number 10 is not one" in text
    assert identifier not in text


BAD_FILES = {
    "empty": (b"", "is empty"),
    "only spaces": (b" \n \n", "is empty"),
    "header only": (HEADER.encode() + b"\n", "no rows below its header"),
    "blank rows only": (HEADER.encode() + b"\n,,,,,,,,\n\n", "no rows below its header"),
    "Latin-1": (f"{HEADER}\n{GOOD}".replace("home_care", "caf\u00e9").encode("latin-1"), "not in UTF-8"),
    "UTF-16": (f"{HEADER}\n{GOOD}".encode("utf-16"), "UTF-16"),
    "a NUL": (f"{HEADER}\n{GOOD}".replace("home_care", "home\0care").encode(), "NUL character"),
    "a workbook": (b"PK\x03\x04 and so on", "spreadsheet or zip"),
    "an old workbook": (b"\xd0\xcf\x11\xe0 and so on", "spreadsheet or zip"),
    "open quotes": (f'{HEADER}\n"{GOOD}\n'.encode(), "quotes do not close"),
    "a giant cell": (f"{HEADER}\n{'x' * 200_000}".encode(), "longer than any should be"),
    "no table": (b"Dear all,\nplease find attached\n", "no header"),
}


@pytest.mark.parametrize(("content", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_files_that_are_no_extract(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "raw.csv").write_bytes(content)
    text = refused(tmp_path / "raw.csv")
    assert words in text
    assert CHI not in text


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_delimiters_and_a_byte_order_mark_are_understood(tmp_path: Path, delimiter: str, mark: str) -> None:
    with (tmp_path / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        csv.writer(file, delimiter=delimiter).writerows([HEADER.split(","), GOOD.split(",")])
    assert rows_of(key(tmp_path / "raw.csv"))[0]["flags"] == "carer;mental_health"


def test_sums_that_no_row_may_hold_are_refused(tmp_path: Path) -> None:
    rows = [GOOD.replace(",2,", ",9999,"), GOOD]
    assert "1 sums of contacts or cost" in refused(wrote(tmp_path, *rows))


def test_options_that_the_contract_does_not_know(tmp_path: Path) -> None:
    text = refused(wrote(tmp_path, GOOD), partner="prison", kind="name", key_id="2026-03-14", service="x")
    for option in ("--partner", "--kind", "--key-id", "--service"):
        assert option in text


def _identified(folder: Path, *identifiers: str) -> Path:
    return wrote(folder, *[GOOD.replace(CHI, each) for each in identifiers])


REFERENCES = ["HOU00123", "4418", "91-77", "SW0001"]


@pytest.mark.parametrize(
    "identifiers",
    [
        chi_numbers(11, 1, seed=1),
        [*chi_numbers(11, 3, seed=2), *chi_numbers(10, 3, seed=2), *REFERENCES],
        [f"{number[:6]} {number[6:]}" for number in chi_numbers(11, 5, seed=3)],
        [str(int(number)) for number in chi_numbers(11, 40, seed=4) if number[0] == "0"],
    ],
    ids=["one", "most", "with spaces", "without their zero"],
)
def test_chi_numbers_are_no_references_of_the_partners_own(tmp_path: Path, identifiers: list[str]) -> None:
    text = refused(_identified(tmp_path, *identifiers), kind="partner_reference")
    assert "Most identifiers are valid CHI numbers, but --kind says partner_reference" in text
    assert "Use --kind chi" in text
    assert not [each for each in identifiers if each in text]


def test_what_else_is_wrong_is_told_with_it(tmp_path: Path) -> None:
    text = refused(wrote(tmp_path, GOOD, GOOD.replace(",F,", ",Q,")), kind="partner_reference")
    assert "Use --kind chi" in text
    assert "Row 3, column 'sex'" in text


def test_references_that_look_like_a_chi_number_now_and_then_are_keyed(tmp_path: Path) -> None:
    extract = _identified(tmp_path, *REFERENCES, *chi_numbers(11, 3, seed=6))
    assert len(key(extract, kind="partner_reference").rows) == 7
