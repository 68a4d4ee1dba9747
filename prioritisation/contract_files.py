"""What partners are given: the blank template (CSV, XLSX), the Table Schema, and the offline tool as one file."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from prioritisation import identifiers
from prioritisation import pseudonymise as tool
from prioritisation.contract import FLAGS_BETWEEN, Column, Contract
from prioritisation.pseudonymise import Rules

EXTRACT_SHEET = "Extract"
EXPLAINS = "How to fill this in"
TOOL = "pseudonymise.py"
ROWS_WITH_LISTS = 10_000
# The tool's modules in the order in which each needs only those before it.
_TOOL_MODULES = ("rules", "keys", "cells", "raw", "postcodes", "words", "keying", "present", "tool")
_ZONE = r"S01[0-9]{6}|DEMO[0-9]{5}"
_LISTS = {"partner": "partners", "service": "services", "flags": "flags", "key_kind": "key_kinds"}


def files(contract: Contract) -> dict[str, bytes]:
    """Return everything that a partner is given: name of the file -> its bytes."""
    return {
        "README.txt": readme(contract).encode("utf-8"),
        "template.csv": template_csv(contract),
        "template.xlsx": template_xlsx(contract),
        "table-schema.json": table_schema(contract),
        TOOL: single_file_tool(contract),
    }


def rules_of(contract: Contract) -> Rules:
    """Return the contract as the offline tool needs it."""
    return Rules.from_record(_record(contract))


def _record(contract: Contract) -> dict[str, Any]:
    return {
        "version": contract.version,
        "columns": list(contract.columns),
        "partners": {partner.id: partner.name for partner in contract.partners.values()},
        "services": {service.id: [service.name, service.partner] for service in contract.services.values()},
        "flags": {flag.id: flag.name for flag in contract.flags.values()},
        "key_kinds": list(contract.key_kinds),
        "age_bands": list(contract.age_bands),
        "most_contacts": int(contract.limits("contacts")[1]),
        "most_cost": contract.columns["cost"].allowed.partition("-")[2],
    }


def template_csv(contract: Contract) -> bytes:
    """Return the header row alone: a file of real rows is made by adding to it."""
    return (",".join(contract.columns) + "\n").encode("utf-8")


def allowed_words(column: Column, contract: Contract) -> str:
    """Say in plain words what a cell of a column may hold."""
    values = contract.values(column.name)
    low, _, high = column.allowed.partition("-")
    words = {
        "one of": f"One of: {'; '.join(values)}",
        "some of": f"Any of, separated by {FLAGS_BETWEEN} and without spaces: {', '.join(values)}; or nothing",
        "area": f"A data zone code, a postcode, {' or '.join(column.allowed.split('|'))}",
        "month": "Year and month: 2026-03",
        "whole number": f"A whole number from {low} to {high}",
        "money": f"Pounds from {low} to {high}, without commas or a pound sign; or nothing",
        "pattern": "64 characters 0-9 and a-f"
        if column.name == "person_key"
        else "1 to 32 small letters, digits and -",
    }
    return words[column.kind]


def template_xlsx(contract: Contract) -> bytes:
    """Return the blank workbook: a sheet to fill in with lists to choose from, and a sheet that explains it."""
    made = io.BytesIO()
    choices = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, choices) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet, notes = book.add_worksheet(EXTRACT_SHEET), book.add_worksheet(EXPLAINS)
        places = _explain(notes, contract, bold, wrapped)
        for place, column in enumerate(contract.columns.values()):
            number = column.kind in ("whole number", "money")
            sheet.set_column(place, place, max(12, len(column.name) + 2), None if number else text)
            sheet.write_string(0, place, column.name, bold)
            rule = _validation(column, places)
            if rule:
                sheet.data_validation(1, place, ROWS_WITH_LISTS, place, rule | {"error_message": _advice(column)})
        sheet.freeze_panes(1, 0)
    return made.getvalue()


def _advice(column: Column) -> str:
    return f"See the sheet '{EXPLAINS}' for what {column.name} may hold."


def _validation(column: Column, places: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """Return what the spreadsheet itself can hold a cell against."""
    if column.kind == "one of":
        first, last = places[column.name]
        return {"validate": "list", "source": f"='{EXPLAINS}'!$A${first}:$A${last}"}
    if column.kind in ("whole number", "money"):
        low, _, high = column.allowed.partition("-")
        kind = "integer" if column.kind == "whole number" else "decimal"
        return {"validate": kind, "criteria": "between", "minimum": float(low), "maximum": float(high)}
    return {}


def _explain(notes: Any, contract: Contract, bold: Any, wrapped: Any) -> dict[str, tuple[int, int]]:
    """Write the explanations; return for each closed column the first and last row of its values (from 1)."""
    for place, width in enumerate((28, 34, 12, 60, 70, 40)):
        notes.set_column(place, place, width)
    row = _write(notes, 0, [("Column", "Title", "Required", "What it is", "What it may hold", "Example")], bold)
    row = _write(notes, row, [_explanation(column, contract) for column in contract.columns.values()], wrapped)
    places = {}
    for column in contract.columns.values():
        values = contract.values(column.name)
        if values:
            row = _write(notes, row + 1, [(f"Values of {column.name}", "Name", "", "What it means")], bold)
            places[column.name] = (row + 1, row + len(values))
            row = _write(notes, row, [_meaning(column.name, value, contract) for value in values], wrapped)
    return places


def _write(notes: Any, row: int, rows: Iterable[Iterable[str]], form: Any) -> int:
    for texts in rows:
        for place, text in enumerate(texts):
            notes.write_string(row, place, text, form)
        row += 1
    return row


def _explanation(column: Column, contract: Contract) -> tuple[str, ...]:
    required = "yes" if column.required else "no"
    return column.name, column.title, required, column.explanation, allowed_words(column, contract), column.example


def _meaning(column: str, value: str, contract: Contract) -> tuple[str, ...]:
    named = getattr(contract, _LISTS[column])[value] if column in _LISTS else None
    if named is None:
        return (value,)
    whose = f"{contract.partners[named.partner].name}: " if column == "service" else ""
    return value, named.name, "", whose + named.explanation


def table_schema(contract: Contract) -> bytes:
    """Return the contract as a Frictionless Table Schema (specs.frictionlessdata.io/table-schema)."""
    schema = {
        "name": "partner-extract",
        "contract_version": contract.version,
        "missingValues": [""],
        "fields": [_field(column, contract) for column in contract.columns.values()],
    }
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _field(column: Column, contract: Contract) -> dict[str, Any]:
    types = {"whole number": "integer", "money": "number", "month": "yearmonth"}
    field = {"name": column.name, "title": column.title, "type": types.get(column.kind, "string")}
    limits: dict[str, Any] = {"required": column.required}
    if column.kind == "one of":
        limits["enum"] = list(contract.values(column.name))
    elif column.kind in ("whole number", "money"):
        low, high = contract.limits(column.name)
        limits |= {
            "minimum": int(low) if low.is_integer() else low,
            "maximum": int(high) if high.is_integer() else high,
        }
    else:
        limits |= {"pattern": pattern} if (pattern := _pattern(column, contract)) else {}
    return field | {"description": column.explanation, "example": column.example, "constraints": limits}


def _pattern(column: Column, contract: Contract) -> str:
    """Return what a whole cell of a column without a plain list of values looks like."""
    some = "|".join(contract.values(column.name))
    patterns = {
        "pattern": column.allowed,
        "some of": f"({some})({FLAGS_BETWEEN}({some}))*",
        "area": f"{_ZONE}|[A-Z]{{1,2}}[0-9][0-9A-Z]? ?[0-9][A-Z]{{2}}|{column.allowed}",
    }
    return patterns.get(column.kind, "")


def single_file_tool(contract: Contract) -> bytes:
    """Return the offline tool and this contract as one Python file that needs nothing else (Python 3.9 or newer)."""
    folder = Path(tool.__file__).parent
    sources = [Path(identifiers.__file__), *(folder / f"{name}.py" for name in _TOOL_MODULES)]
    imports: dict[str, set[str]] = {}
    parts = []
    for source in sources:
        parts.append(f"# From {source.relative_to(folder.parent).as_posix()}\n\n{_without_imports(source, imports)}\n")
    head = f'"""Keys a partner\'s extract before it leaves the partner. Contract {contract.version}.\n\n{_HOW}"""\n'
    record = json.dumps(_record(contract), indent=2)
    parts = [
        head,
        "from __future__ import annotations\n",
        "\n".join(_imported(module, names) for module, names in sorted(imports.items())) + "\n",
        *parts,
        f'RULES = Rules.from_record(json.loads(r"""\n{record}\n"""))\n',
        'if __name__ == "__main__":\n    sys.exit(main(sys.argv[1:], RULES))\n',
    ]
    return "\n".join(parts).encode("utf-8")


def _without_imports(source: Path, imports: dict[str, set[str]]) -> str:
    """Return a module's text without docstring and imports; note module -> names of the standard library it needs."""
    text = source.read_text(encoding="utf-8")
    gone: set[int] = set()
    for place, node in enumerate(ast.parse(text).body):
        if isinstance(node, ast.Import | ast.ImportFrom) or (place == 0 and isinstance(node, ast.Expr)):
            gone |= set(range(node.lineno - 1, node.end_lineno or node.lineno))
        if isinstance(node, ast.Import):
            imports |= {alias.name: set() for alias in node.names if alias.name not in imports}
        elif isinstance(node, ast.ImportFrom) and not str(node.module).startswith(("prioritisation", "__future__")):
            imports.setdefault(str(node.module), set()).update(alias.name for alias in node.names)
    return "\n".join(line for number, line in enumerate(text.splitlines()) if number not in gone).strip() + "\n"


def _imported(module: str, names: set[str]) -> str:
    return f"from {module} import {', '.join(sorted(names))}" if names else f"import {module}"


_HOW = f"""Run it where the extract is: python -I -S {TOOL} --help
It needs Python 3.9 or newer and nothing else, opens no connection, and writes one file.
"""


def readme(contract: Contract) -> str:
    """Return what a partner reads first."""
    columns = "\n".join(
        f"  {each.name:<11} {each.title}: {allowed_words(each, contract)}" for each in contract.columns.values()
    )
    return _README.format(version=contract.version, tool=TOOL, columns=columns)


_README = """Extracts for the prioritisation dashboard
=========================================

What may leave your organisation is described by the contract, version {version}.
No names, no numbers of people, no dates of birth, no full dates, no addresses, no notes.

1. Export your own table as CSV (UTF-8) with one row per contact or per person, service and day:
   identifier, postcode, date_of_birth (or age), sex, service, contact_date
   and, where you have them, contacts, flags, cost. Export nothing else.
2. Put the project's key file beside it. Every partner uses the same key; it is sent apart from any data,
   and never to the people who run the dashboard. One partner makes it, once:
     python -I -S {tool} --new-key project.key
3. Run, on your own computer:
     python -I -S {tool} extract.csv --key-file project.key --key-id project-2026 \\
         --postcodes postcodes.csv --partner council --kind partner_reference
   Use --kind chi where the identifier is the CHI number; leave out nothing else.
   The tool names rows and columns to correct, and never repeats what they hold.
   The key check that it prints must be the same at every partner.
4. Send the file that it wrote (not the export, not the key), then delete the export.

Files here
  {tool}    the tool: one file for Python 3.9 or newer, nothing to install, works offline
  template.csv, template.xlsx   blank, for partners who make keyed rows in another way
  table-schema.json    the same contract for machines (Frictionless Table Schema)

Columns of the file that is sent
{columns}
"""


def explanations(contract: Contract) -> list[dict[str, str]]:
    """Return the columns as rows: column, title, required, what it is, what it may hold, example."""
    keys = ("column", "title", "required", "what it is", "what it may hold", "example")
    return [dict(zip(keys, _explanation(column, contract), strict=True)) for column in contract.columns.values()]
