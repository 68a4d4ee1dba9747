"""What partners are given says what the contract says."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from prioritisation import cli
from prioritisation.contract import COLUMNS, load_contract
from prioritisation.contract_files import (
    EXPLAINS,
    EXTRACT_SHEET,
    files,
    readme,
    single_file_tool,
    table_schema,
    template_csv,
    template_xlsx,
)
from prioritisation.folder import TRACKED_DATA
from prioritisation.identifiers import kinds_in

CONTRACT = load_contract(TRACKED_DATA / "catalogue")
EXAMPLES = {column.name: column.example for column in CONTRACT.columns.values()}


def test_the_csv_template_is_the_header_of_the_contract() -> None:
    assert list(csv.reader(io.StringIO(template_csv(CONTRACT).decode("utf-8")))) == [list(COLUMNS)]


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template_xlsx(CONTRACT)))


def test_the_workbook_has_the_header_and_explains_every_column(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [EXTRACT_SHEET, EXPLAINS]
    assert [[cell.value for cell in row] for row in book[EXTRACT_SHEET].iter_rows()] == [list(COLUMNS)]
    explained = {row[0].value: row for row in book[EXPLAINS].iter_rows()}
    for column in CONTRACT.columns.values():
        assert column.explanation in [cell.value for cell in explained[column.name]]
    for service in CONTRACT.services.values():
        assert service.name in [cell.value for cell in explained[service.id]]


def test_the_workbook_offers_the_closed_lists(book: openpyxl.Workbook) -> None:
    offered = {}
    for rule in book[EXTRACT_SHEET].data_validations.dataValidation:
        column = COLUMNS[next(iter(rule.sqref.ranges)).min_col - 1]
        if rule.type == "list":
            sheet, _, cells = rule.formula1.partition("!")
            assert sheet.strip("'") == EXPLAINS
            offered[column] = tuple(row[0].value for row in book[EXPLAINS][cells.replace("$", "")])
    closed = [name for name, column in CONTRACT.columns.items() if column.kind == "one of"]
    assert offered == {name: CONTRACT.values(name) for name in closed}


def test_nothing_in_the_templates_looks_like_an_identifier(book: openpyxl.Workbook) -> None:
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [text for text in [*texts, *book.sheetnames] if kinds_in(text)] == []
    assert [line for line in readme(CONTRACT).splitlines() if kinds_in(line)] == []


def test_the_table_schema_holds_the_limits() -> None:
    schema = json.loads(table_schema(CONTRACT))
    assert schema["missingValues"] == [""]
    assert [field["name"] for field in schema["fields"]] == list(COLUMNS)
    for field in schema["fields"]:
        name, limits = field["name"], field["constraints"]
        assert limits["required"] is CONTRACT.columns[name].required
        if CONTRACT.columns[name].kind == "one of":
            assert limits["enum"] == list(CONTRACT.values(name))
        if "pattern" in limits:
            assert re.fullmatch(limits["pattern"], EXAMPLES[name])
            assert not re.fullmatch(limits["pattern"], "something; else")
        if "minimum" in limits:
            assert (limits["minimum"], limits["maximum"]) == CONTRACT.limits(name)
    types = {field["name"]: field["type"] for field in schema["fields"]}
    assert types["contacts"] == "integer"
    assert types["cost"] == "number"
    assert types["month"] == "yearmonth"


def test_the_single_file_needs_nothing_and_no_name_stands_for_two_things() -> None:
    source = single_file_tool(CONTRACT).decode("utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [module for module in imported if module.startswith("prioritisation")]
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [node.id for node in targets if isinstance(node, ast.Name)]
    names += [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names += [
        node.target.id for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    assert sorted(names) == sorted(set(names))
    assert CONTRACT.version in source


def test_the_command_writes_what_the_functions_give(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.main, ["contract", "--out", str(tmp_path / "given")])
    assert result.exit_code == 0, result.output
    made = files(CONTRACT)
    assert {path.name for path in (tmp_path / "given").iterdir()} == set(made)
    for name in set(made) - {"template.xlsx"}:
        assert (tmp_path / "given" / name).read_bytes() == made[name]


def test_the_command_shows_the_columns() -> None:
    result = CliRunner().invoke(cli.main, ["contract"])
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["column"] for row in rows] == list(COLUMNS)
    assert all(row["what it may hold"] for row in rows)


def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(cli.main, ["contract", "--out", str(tmp_path / "file" / "given")])
    assert result.exit_code == 1
    assert "Not done:" in result.stderr
