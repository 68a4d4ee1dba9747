"""The workbook: formulas of the right shape with today's values, and what LibreOffice makes of them where it is."""

from __future__ import annotations

import dataclasses
import io
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook import Workbook
from packed import Decided
from python_calamine import CalamineWorkbook

from prioritisation.pack.building import Pack
from prioritisation.pack.content import Content
from prioritisation.pack.formulas import FIRST_ROW, letters
from prioritisation.pack.workbook import workbook
from prioritisation.prioritise import prioritise
from prioritisation.scoring import overall, rank_units
from prioritisation.store import open_store

SHEETS = ["Read me", "Shortlist", "Values", "Weights", "Patch", "Dictionary", "Sources and licences", "Lookup"]
HEAD = FIRST_ROW - 2
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def rows_of(content: bytes, sheet: str) -> list[dict[str, object]]:
    """Return a sheet as calamine reads it, which knows nothing of formulas."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(read[HEAD], row, strict=True)) for row in read[HEAD + 1 :]]


def opened(content: bytes, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def with_gap(content: Content, aggregate: str) -> Content:
    """Return content under another mean, in which the first area has no score on the first priority."""
    ranking = content.ranking
    framework = dataclasses.replace(content.scenario.framework, aggregate=aggregate)
    scenario = dataclasses.replace(content.scenario, framework=framework)
    scores = ranking.scores.priority_scores.copy()
    scores[0, 0] = np.nan
    made = dataclasses.replace(
        ranking.scores,
        priority_scores=scores,
        score=overall(scores, ranking.scores.weights, aggregate),
        rank=rank_units(scores, ranking.scores.weights, aggregate),
    )
    return dataclasses.replace(content, ranking=dataclasses.replace(ranking, scenario=scenario, scores=made))


def test_every_reader_finds_todays_list(pack: Pack) -> None:
    ranking = pack.content.ranking.table()
    rows = rows_of(pack.files["shortlist.xlsx"], "Shortlist")
    assert [row["Code"] for row in rows] == ranking["id"].tolist()
    assert [row["Rank"] for row in rows] == ranking["rank"].tolist()
    assert np.allclose([row["Score"] for row in rows], ranking["score"], rtol=0, atol=1e-9)
    sheet = opened(pack.files["shortlist.xlsx"], values=True)["Shortlist"]
    by_openpyxl = [sheet.cell(row, 5).value for row in range(FIRST_ROW, FIRST_ROW + len(ranking))]
    assert by_openpyxl == ranking["id"].tolist()
    assert opened(pack.files["shortlist.xlsx"]).sheetnames == SHEETS


def test_scores_ranks_and_order_are_formulas_over_values_and_weights(pack: Pack) -> None:
    book = opened(pack.files["shortlist.xlsx"])
    values, shortlist, weights = book["Values"], book["Shortlist"], book["Weights"]
    last = FIRST_ROW + len(pack.content.ranking.scores.unit_ids) - 1
    for row in (FIRST_ROW, last):
        summed = "+".join(f"Weights!$F${FIRST_ROW + n}*{letters(9 + n)}{row}" for n in range(4))
        assert str(values.cell(row, 5).value).endswith(f',"not scored",{summed})')
        assert values.cell(row, 6).value == f'=IF(ISNUMBER(E{row}),E{row},"not scored")'
        assert values.cell(row, 7).value == f'=IF(ISNUMBER(E{row}),INT(E{row}*1000000000+0.5),"not scored")'
        assert f"RANK(G{row},$G${FIRST_ROW}:$G${last},0)" in str(values.cell(row, 8).value)
        assert shortlist.cell(row, 2).value == f"=MATCH($A{row},Values!$I${FIRST_ROW}:$I${last},0)"
        assert shortlist.cell(row, 3).value == f"=INDEX(Values!$H${FIRST_ROW}:$H${last},$B{row})"
        assert f"<=Weights!$C${FIRST_ROW + 4}" in str(shortlist.cell(row, 9).value)
    total, whole = ("+".join(f"${column}${FIRST_ROW + n}" for n in range(4)) for column in "CE")
    assert weights.cell(FIRST_ROW, 4).value == f"=IF({total}>0,ROUND(1000000*C{FIRST_ROW}/({total}),0),0)"
    assert weights.cell(FIRST_ROW, 6).value == f"=IF({total}>0,E{FIRST_ROW}/({whole}),0)"
    assert [weights.cell(FIRST_ROW + n, 3).value for n in range(4)] == [40, 30, 30, 0]


def test_no_cell_of_text_is_a_formula_and_codes_stay_text(pack: Pack) -> None:
    book = opened(pack.files["shortlist.xlsx"])
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or "HYPERLINK" not in str(cell.value)
    reasons = [row["Reason"] for row in rows_of(pack.files["shortlist.xlsx"], "Values") if row["Reason"]]
    assert reasons
    assert all(str(each).startswith("=HYPERLINK") for each in reasons)
    marked = dataclasses.replace(
        pack.content, ranking=dataclasses.replace(pack.content.ranking, areas=pack.content.ranking.areas.copy())
    )
    marked.ranking.areas["intermediate_zone_code"] = "007"
    assert rows_of(workbook(marked), "Lookup")[0]["intermediate_zone_code"] == "007"


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_an_area_without_a_score_is_last_and_says_so(pack: Pack, aggregate: str) -> None:
    content = with_gap(pack.content, aggregate)
    made = workbook(content)
    rows, first = rows_of(made, "Shortlist"), content.ranking.scores.unit_ids[0]
    assert (rows[-1]["Code"], rows[-1]["Rank"], rows[-1]["Score"]) == (first, "not scored", "not scored")
    assert [row["Rank"] for row in rows[:-1]] == content.ranking.table()["rank"].iloc[:-1].tolist()
    formula = str(opened(made)["Values"].cell(FIRST_ROW, 5).value)
    assert ("LN(MAX(" in formula) == (aggregate == "geometric")
    assert opened(made)["Values"].cell(FIRST_ROW, 10).value is None


def recalculated(content: bytes, folder: Path) -> bytes:
    """Return the workbook as LibreOffice saves it after working every formula out again."""
    if OFFICE is None:
        if os.environ.get("REQUIRE_LIBREOFFICE") == "1":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed (REQUIRE_LIBREOFFICE=1 makes this a failure)")
    (folder / "in.xlsx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", "ods", "--outdir", str(folder), str(folder / "in.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / "in.ods").read_bytes()


@pytest.mark.parametrize("weights", [(40, 30, 30, 0), (41, 30, 30, 0)])
def test_libreoffice_works_out_the_same(
    decided: Decided, pack: Pack, weights: tuple[float, ...], tmp_path: Path
) -> None:
    if OFFICE is None:
        recalculated(b"", tmp_path)
    book = opened(pack.files["shortlist.xlsx"])  # keeps formulas, drops their values
    for place, weight in enumerate(weights):
        book["Weights"].cell(FIRST_ROW + place, 3).value = weight
    changed = io.BytesIO()
    book.save(changed)
    rows = rows_of(recalculated(changed.getvalue(), tmp_path), "Shortlist")
    with open_store(decided.folder) as store:
        expected = prioritise(store, pack.content.scenario.with_weights(weights)).table()
    assert [row["Code"] for row in rows] == expected["id"].tolist()
    assert [row["Rank"] for row in rows] == expected["rank"].tolist()
    assert np.allclose([row["Score"] for row in rows], expected["score"], rtol=0, atol=1e-9)
