"""The catalogue and its frameworks: what is there is usable, and every fault is found at once, with its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from prioritisation.catalogue import DEFAULT_FRAMEWORK, load_catalogue, load_framework
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA

SOUND = """
id = "two"
name = "Two priorities"
status = "agreed"
aggregate = "geometric"
normalise = { method = "exponential", rank_offset = 0.5 }
cut = 20
patch = { population = [5000, 10000] }
[[priority]]
id = "a"
name = "A"
weight = 3
indicators = [ { id = "x", share = 1, polarity = "higher_is_better" }, { id = "y", share = 3 } ]
[[priority]]
id = "b"
name = "B"
question = "Where?"
weight = 1
indicators = [ { id = "x", share = 1.0 } ]
"""


@pytest.fixture
def catalogue_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TRACKED_DATA / "catalogue", tmp_path / "catalogue"))


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "framework.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(tmp_path: Path, text: str, known: set[str] | None = None) -> list[str]:
    with pytest.raises(UserError) as refusal:
        load_framework(written(tmp_path, text), known)
    assert refusal.value.not_done
    assert refusal.value.remedy
    return [str(fault) for fault in refusal.value.faults]


def test_the_tracked_catalogue_is_sound() -> None:
    catalogue = load_catalogue(TRACKED_DATA / "catalogue")
    assert next(iter(catalogue.frameworks)) == DEFAULT_FRAMEWORK
    default = catalogue.frameworks[DEFAULT_FRAMEWORK]
    assert default.status == "placeholder"
    assert default.patch_population == (5000, 10000)
    assert len(default.priorities) == 4
    assert all(indicator.source in catalogue.sources for indicator in catalogue.indicators.values())
    assert all(
        entry in catalogue.indicators
        for framework in catalogue.frameworks.values()
        for entry in framework.indicator_ids
    )


def test_the_published_index_has_its_published_weights() -> None:
    index = load_catalogue(TRACKED_DATA / "catalogue").frameworks["simd2020"]
    assert index.weights == pytest.approx((0.28, 0.28, 0.14, 0.14, 0.09, 0.05, 0.02))
    assert (index.normalise.method, index.normalise.rank_offset) == ("exponential", 0)


def test_weights_and_shares_become_shares_of_one(tmp_path: Path) -> None:
    framework = load_framework(written(tmp_path, SOUND))
    assert framework.weights == (0.75, 0.25)
    assert [entry.share for entry in framework.priorities[0].indicators] == [0.25, 0.75]
    assert framework.indicator_ids == ("x", "y")
    assert framework.priorities[0].indicators[0].polarity == "higher_is_better"
    assert framework.normalise.rank_offset == 0.5


def test_every_fault_of_a_framework_is_named_with_its_line(tmp_path: Path) -> None:
    text = (
        SOUND.replace('"geometric"', '"geom"')
        .replace("cut = 20", 'cut = "20"')
        .replace('id = "y", share', 'id = "z", shre')
    )
    text = text.replace("weight = 1\n", "weight = -1\n").replace("question =", "queston =")
    found = faults_of(tmp_path, text, known={"x", "y"})
    for line, word in [(5, "geom"), (7, "cut"), (13, "shre"), (13, "'z'"), (17, "queston"), (18, "-1")]:
        assert any(f"line {line}:" in fault and word in fault for fault in found), (line, word, found)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("name = ", "name == "), "TOML"),
        (("[5000, 10000]", "[10000, 5000]"), "population"),
        (('"exponential"', '"z-score"'), "geometric"),
        (("rank_offset = 0.5", "rank_offset = nan"), "rank_offset"),
        (('id = "b"', 'id = "a"'), "two priorities"),
        (("weight = 3", "weight = nan"), "nan"),
        (("weight = 3", "weight = true"), "kind"),
        (('polarity = "higher_is_better"', 'polarity = "up"'), "'up'"),
        (("cut = 20", "cut = 0"), "cut is 0"),
        (('id = "two"', 'id = "Two!"'), "Two!"),
        (('id = "two"', ""), "'id' is missing"),
        (("[ { id", '[ "income", { id'), "not a list of indicators"),
    ],
)
def test_single_faults_are_told_plainly(tmp_path: Path, change: tuple[str, str], word: str) -> None:
    assert change[0] in SOUND
    assert any(word in fault for fault in faults_of(tmp_path, SOUND.replace(*change)))


def test_no_priorities_and_no_weight_are_faults(tmp_path: Path) -> None:
    assert any("priority" in fault for fault in faults_of(tmp_path, 'id = "x"\nname = "X"\npriority = []\n'))
    nothing = SOUND.replace("weight = 3", "weight = 0").replace("weight = 1", "weight = 0")
    assert any("all weights are zero" in fault for fault in faults_of(tmp_path, nothing))


def test_an_absent_or_unreadable_framework_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="fault"):
        load_framework(tmp_path / "nowhere.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "Caf\xe9"'.encode("latin-1"))
    with pytest.raises(UserError, match="UTF-8"):
        load_framework(path)


def test_every_fault_of_every_catalogue_file_at_once(catalogue_copy: Path) -> None:
    indicators = catalogue_copy / "indicators.csv"
    lines = indicators.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("higher_is_worse", "worse").replace(",100,", ",many,")
    lines[3] = lines[3].replace("simd2020v2_indicators", "nowhere")
    lines.append(lines[4])
    lines.append("half,a,row")
    indicators.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (catalogue_copy / "frameworks" / "broken.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(UserError) as refusal:
        load_catalogue(catalogue_copy)
    found = "\n".join(map(str, refusal.value.faults))
    for expected in (
        "line 2: the polarity",
        "line 2: the multiplier",
        "line 4: the source",
        "is there twice",
        "values",
        "broken.toml",
    ):
        assert expected in found


def test_wrong_columns_and_absent_files(catalogue_copy: Path) -> None:
    (catalogue_copy / "sources.csv").write_text("id;publisher\n", encoding="utf-8")
    (catalogue_copy / "indicators.csv").unlink()
    with pytest.raises(UserError) as refusal:
        load_catalogue(catalogue_copy)
    found = "\n".join(map(str, refusal.value.faults))
    assert "sources.csv, line 1" in found
    assert "indicators.csv" in found


def test_an_unknown_framework_names_those_there_are() -> None:
    catalogue = load_catalogue(TRACKED_DATA / "catalogue")
    with pytest.raises(UserError, match="simd2020"):
        catalogue.framework("nothing-of-the-kind")
