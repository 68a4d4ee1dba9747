"""The attack as a gate: guesses, controls, pairs, two releases, insiders; what passes is published, the rest is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from prioritisation.attack.audit import DEFAULT_EFFORT, Audit, Effort, Finding, audit_controls, audit_world
from prioritisation.attack.controls import suppress_under_five
from prioritisation.attack.gate import Gate, refused, with_sides
from prioritisation.attack.guess import balanced_accuracy, best_cut_accuracy
from prioritisation.attack.pairs import attack_live
from prioritisation.attack.releases import attack_releases
from prioritisation.attack.report import summary, text_report
from prioritisation.attack.trials import Setting
from prioritisation.attack.worlds import make_world
from prioritisation.cli import main
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ingest.contacts.protected import ProtectedCounts

CATALOGUE = Path(__file__).resolve().parent.parent.parent / "data" / "catalogue"
SETTING = Setting.load(CATALOGUE)
DAY = date(2026, 11, 23)
SMALL_WORLD = Effort(areas=6, people=600, residents=400, pairs=10, arrivals=200, insiders=2, insider_rounds=25)
GOOD = Finding("Suppressed counts known to be at least 1", "this release; 3 published", "0", "0", passed=True)
BAD = Finding("Base counts under 10 known exactly", "this release", "2", "0", passed=False)
CONTROL = Finding("Control: pairs", "invented world", "99%", "at least 95%", passed=True, control=True)


def test_a_coin_guesses_half_and_a_reader_of_the_answer_all() -> None:
    random = np.random.default_rng(1)
    truth = random.random((2, 4000)) < 0.5
    assert best_cut_accuracy(truth.astype(float), truth, random) == pytest.approx(1.0, abs=0.01)
    assert best_cut_accuracy(random.random(truth.shape), truth, random) == pytest.approx(0.5, abs=0.03)
    assert best_cut_accuracy(np.zeros(truth.shape), truth, random) == pytest.approx(0.5)


def test_accuracy_is_balanced() -> None:
    """Who says "has it not" of everybody is right of nine in ten, and has learnt nothing."""
    truth = np.array([True] + [False] * 9)
    assert balanced_accuracy(np.zeros(10), truth) == pytest.approx(0.5)


def test_the_controls_fall() -> None:
    found = audit_controls(1, SETTING, replace(DEFAULT_EFFORT, residents=150))
    assert [finding.passed for finding in found] == [True, True], found


def test_a_control_that_is_no_weak_release_stands() -> None:
    """The pair attack reads nothing where nothing is answered: the control is broken by counting live, not by luck."""
    world = make_world(1, SETTING.contract, areas=15, people=1500)
    deaf = replace(SETTING.policy, suppress_counts_under=10_000)
    live = attack_live(world, SETTING, count=100, pairs=10, seed=1, policy=deaf)
    assert live.accuracy == pytest.approx(0.5, abs=0.02)


def test_suppress_under_five_hides_something_to_recover() -> None:
    weak = suppress_under_five(make_world(2, SETTING.contract, areas=8, people=600), SETTING, seed=2)
    assert weak.hidden > 100
    assert weak.recovered >= 0.8


def test_two_releases_tell_of_newcomers_only_where_nothing_is_held() -> None:
    world = make_world(3, SETTING.contract, areas=12, people=1500)
    found = attack_releases(world, SETTING, arrivals=300, seed=3)
    assert found.quiet - found.control_quiet <= 0.02
    assert found.without_hold > 0.6, "without the hold rule the attack must read something, or it proves nothing"


def worlds_wanted(full: bool) -> range:
    return range(1, 21 if full else 2)


def test_invented_worlds_withstand_every_attack(full: bool) -> None:
    effort = DEFAULT_EFFORT if full else SMALL_WORLD
    failed = []
    for seed in worlds_wanted(full):
        failed += [(seed, each) for each in audit_world(seed, SETTING, effort) if not each.passed]
    assert not failed


def test_the_gate_refuses_in_three_parts_what_failed() -> None:
    refusal = refused(Audit((GOOD, BAD, CONTROL)))
    assert "did not withstand" in str(refusal)
    assert "Nothing was published" in str(refusal)
    assert "Base counts under 10 known exactly" in str(refusal)
    assert "at least 1" not in str(refusal)


def test_counts_of_which_the_sides_are_unknown_are_not_attacked() -> None:
    cube = pd.DataFrame({"node": ["a"], "area_code": ["b"], "cell": [""], "status": ["published"]})
    told = pd.DataFrame({"node": ["a"], "area_code": ["c"], "cell": [""], "side": ["shown"]})
    told = told.assign(held=False, overtaken=False)
    with pytest.raises(UserError, match="Why some counts are suppressed is not known"):
        with_sides(cube, told)


def test_an_audit_without_findings_or_with_a_broken_control_does_not_pass() -> None:
    assert not Audit(()).passed
    assert not Audit((GOOD, replace(CONTROL, passed=False))).passed
    assert not Audit((GOOD,)).controls_hold
    assert Audit((GOOD, CONTROL)).passed


def test_the_report_says_what_was_tried_and_how_to_read_it() -> None:
    text = text_report(Audit((GOOD, BAD, CONTROL)), SETTING.policy, title="Audit", day=DAY)
    assert "2026-11-23. The audit **failed**." in text
    assert "These counts must not be published as they are." in text
    assert "**FAILED: Base counts under 10 known exactly**" in text
    assert "Result: 99%. Target: at least 95%." in text
    assert "a suppressed one for 0 to 9" in text


def test_the_release_says_how_often_each_attack_met_its_target() -> None:
    said = summary(Audit((GOOD, GOOD, CONTROL)), DAY)
    assert said["audited_at"] == "2026-11-23"
    told = json.loads(said["audit"])
    assert told["passed"] is True
    assert told["attacks"][GOOD.name] == {"target": "0", "tried": 2, "passed": 2, "results": ["0", "0"]}


ONE_LEFT_OVER = pd.DataFrame(
    [
        ("ward.flag", "ward", "North", 30, "shown"),
        ("data_zone.flag", "data zone", "DEMO1", 20, "shown"),
        ("data_zone.flag", "data zone", "DEMO2", None, "small"),
    ],
    columns=["node", "geography", "area_code", "people", "side"],
).assign(cell="flag=homelessness", contacts=None, held=False, overtaken=False)
TWO_AREAS = pd.DataFrame({"area_code": ["DEMO1", "DEMO2"], "ward": ["North", "North"]})


def counts_with(rows: pd.DataFrame) -> ProtectedCounts:
    cube = rows.astype({"people": "Int64", "contacts": "Int64"})
    cube = cube.assign(status=np.where(cube["people"].notna(), "published", "suppressed"))
    cohorts = pd.DataFrame(columns=["cohort_id", "name", "rule", "sentence"])
    return ProtectedCounts(cube.drop(columns=["side", "held", "overtaken"]), cohorts, {}, cube)


def test_the_gate_stops_a_count_that_is_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """28 to 32 people in the ward, 18 to 22 of them in one of its two areas: 6 to 9 in the other."""
    monkeypatch.setattr("prioritisation.attack.gate.areas_in_use", lambda folder: (TWO_AREAS, "DEMO"))
    monkeypatch.setattr("prioritisation.attack.gate.audit_controls", lambda *settings: [CONTROL])
    gate = Gate(DataFolder.chosen(), DAY)
    with pytest.raises(UserError, match="did not withstand") as refusal:
        gate(counts_with(ONE_LEFT_OVER))
    assert "DEMO2" not in str(refusal.value)
    hidden = ONE_LEFT_OVER.assign(people=[30, None, None], side=["shown", "withheld", "small"])
    assert gate(counts_with(hidden))["audited_at"] == "2026-11-23"


NHS_BETWEEN_THE_OTHERS = pd.DataFrame(
    [
        ("data_zone.total", "", 35, "shown", 37),
        ("data_zone.partner", "partner=council", 25, "shown", 24),
        ("data_zone.partner", "partner=fire", 25, "shown", 23),
        ("data_zone.partner", "partner=nhs", None, "small", 8),
        ("data_zone.partners_band", "partners_band=1", 20, "shown", 19),
        ("data_zone.partners_band", "partners_band=2", 20, "shown", 18),
        ("data_zone.partners_band", "partners_band=3", None, "withheld", 0),
        ("data_zone.partners_band", "partners_band=4+", None, "withheld", 0),
    ],
    columns=["node", "cell", "people", "side", "exact_people"],
).assign(geography="data zone", area_code="DEMO1", contacts=None, held=False, overtaken=False)


def test_the_gate_stops_what_only_somebody_at_a_partner_can_work_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partners add up to 54 or more; from outside the NHS may be nobody, but fire, who are 23, know 4 or more of it."""
    monkeypatch.setattr("prioritisation.attack.gate.areas_in_use", lambda folder: (TWO_AREAS, "DEMO"))
    monkeypatch.setattr("prioritisation.attack.gate.audit_controls", lambda *settings: [CONTROL])
    gate, counts = Gate(DataFolder.chosen(), DAY), counts_with(NHS_BETWEEN_THE_OTHERS.drop(columns="exact_people"))
    assert gate(counts)["audited_at"] == "2026-11-23"
    exact = NHS_BETWEEN_THE_OTHERS.assign(exact_contacts=np.nan)
    gate.exact.append(exact[["node", "area_code", "cell", "exact_people", "exact_contacts"]])
    with pytest.raises(UserError, match="did not withstand") as refusal:
        gate(counts)
    assert "0 known exactly, 2 known to be at least 1" in str(refusal.value)


def test_the_command_refuses_where_nobody_is_counted(demonstration: DataFolder) -> None:
    told = CliRunner().invoke(main, ["audit-disclosure", "--data", str(demonstration.root)])
    assert told.exit_code == 1
    assert "The release in use counts no people." in told.output
    assert "Nothing was attacked." in told.output


def test_the_command_writes_a_report_on_the_method(tmp_path: Path) -> None:
    report = tmp_path / "audit.md"
    told = CliRunner().invoke(main, ["audit-disclosure", "--method-only", "--worlds", "0", "--out", str(report)])
    assert told.exit_code == 0, told.output
    assert "The audit **passed**." in report.read_text(encoding="utf-8")
