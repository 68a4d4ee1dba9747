"""The patch in every file of the pack: as it was recorded, and nothing where none was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyogrio
import pytest
from packed import Decided, read_table, with_also, with_wishes, words_of

from prioritisation.documents.model import Paragraph, spans
from prioritisation.pack import receiver
from prioritisation.pack.briefing_patch import NO_PATCH, UNREADABLE, patch_blocks
from prioritisation.pack.building import Pack, build_pack
from prioritisation.pack.content import Content
from prioritisation.pack.lists import ASKED_OUT, IN_PATCH, JUST_OUTSIDE, patch_table

SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define LATER (9 * 86400 + 4321)
int clock_gettime(clockid_t clock, struct timespec *at) {
  int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
  int done = real(clock, at);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) at->tv_sec += LATER;
  return done;
}
int gettimeofday(struct timeval *at, void *zone) {
  struct timespec now; int done = clock_gettime(CLOCK_REALTIME, &now); (void)zone;
  at->tv_sec = now.tv_sec; at->tv_usec = now.tv_nsec / 1000; return done;
}
time_t time(time_t *at) {
  struct timespec now; clock_gettime(CLOCK_REALTIME, &now); if (at) *at = now.tv_sec; return now.tv_sec;
}
"""
BUILD = """
import sys, time
from pathlib import Path
from prioritisation.folder import DataFolder
from prioritisation.pack.building import decision_pack
from prioritisation.workspace import open_workspace
folder = DataFolder(Path(sys.argv[1]))
made = decision_pack(folder, open_workspace(folder), sys.argv[2], sys.argv[3])
Path(sys.argv[4]).write_bytes(made.zipped)
print(int(time.time()))
"""


def told(content: Content) -> str:
    """The paragraphs of the briefing's patch."""
    blocks = [part for each in patch_blocks(content, []) for part in getattr(each, "blocks", (each,))]
    return " ".join(text for each in blocks if isinstance(each, Paragraph) for text, _ in spans(each.words))


def test_every_table_marks_the_areas_of_the_patch(pack: Pack, tmp_path: Path) -> None:
    patch = pack.content.patch
    assert patch is not None
    table = read_table(pack, "shortlist.csv")
    assert sorted(table.loc[table["patch"] == "yes", "id"]) == sorted(patch.codes)
    assert set(table["patch"]) == {"yes", "no"}
    drawn = json.loads(pack.files["areas.geojson"])["features"]
    assert sorted(each["id"] for each in drawn if each["properties"]["patch"] == "yes") == sorted(patch.codes)
    manifest = json.loads(pack.files["manifest.json"])["decision"]
    assert manifest["patch"]["areas"] == list(patch.codes) and manifest["cohorts"] == ["partners-3"]
    sheet = patch_table(pack.content)
    assert sheet.loc[sheet["where"] == IN_PATCH, "id"].tolist() == list(patch.codes)
    assert sheet.loc[sheet["where"] == JUST_OUTSIDE, "id"].tolist() == list(patch.outside)
    assert sheet["holds"].sum() == pytest.approx(patch.holds)


def test_the_map_has_the_patch_as_one_shape(pack: Pack, tmp_path: Path) -> None:
    path, patch = tmp_path / "areas.gpkg", pack.content.patch
    path.write_bytes(pack.files["areas.gpkg"])
    (whole,) = pyogrio.read_dataframe(path, layer="patch").itertuples()
    areas = pyogrio.read_dataframe(path, layer="areas")
    assert patch is not None
    assert (whole.areas, whole.people) == (len(patch.areas), patch.people)
    assert whole.geometry.area == pytest.approx(areas.loc[areas["patch"] == "yes"].geometry.area.sum())
    assert pyogrio.read_dataframe(path, layer="localities")["in_patch"].sum() == len(patch.areas)


def test_an_area_moved_into_the_patch_is_found_out(pack: Pack) -> None:
    text = pack.files["shortlist.csv"].decode("utf-8-sig")
    rows = text.split("\r\n")
    place = rows[0].split(",").index("patch")
    assert [row.split(",")[place] for row in rows[1:3]] != ["yes", "yes"]
    changed = text.replace(",no,", ",yes,")
    faults = receiver.check({**pack.files, "shortlist.csv": changed.encode()}.__getitem__, list(pack.files))
    assert "The patch in shortlist.csv is not the one in manifest.json." in faults


@pytest.mark.parametrize(("also", "words"), [({}, NO_PATCH), ({"patch": {"areas": [{"id": "A"}]}}, UNREADABLE)])
def test_nothing_is_invented_where_no_patch_can_be_told(pack: Pack, also: dict[str, object], words: str) -> None:
    content = with_also(pack.content, **also)
    assert words in told(content)
    made = build_pack(content)
    assert read_table(made, "shortlist.csv")["patch"].isna().all() and patch_table(content).empty
    assert receiver.check(made.files.__getitem__, list(made.files)) == []


def test_what_was_told_when_it_was_agreed_is_told(pack: Pack) -> None:
    patch = pack.content.patch
    assert patch is not None and patch.sentences[0] in told(pack.content)


def test_areas_asked_in_or_out_are_told_and_not_recommended(pack: Pack) -> None:
    patch, names = pack.content.patch, pack.content.ranking.areas["name"]
    assert patch is not None
    out, inside = patch.outside[:2], patch.codes[0]
    content = with_wishes(pack.content, include=[inside], exclude=list(out))
    words = words_of(content)
    most = words.partition("Just outside, with the most to add first: ")[2].partition(". ")[0]
    assert most.startswith(names[patch.outside[2]]) and not any(names[code] in most for code in out)
    assert f"Asked to be in it: {names[inside]}." in words
    assert f"Asked not to be in it: {names[out[0]]} and {names[out[1]]}." in words
    made = build_pack(content)
    manifest = json.loads(made.files["manifest.json"])["decision"]["patch"]
    assert (manifest["areas_asked_in"], manifest["areas_asked_out"]) == ([inside], list(out))
    sheet = patch_table(content)
    assert sheet.loc[sheet["where"] == ASKED_OUT, "id"].tolist() == list(out)
    assert receiver.check(made.files.__getitem__, list(made.files)) == []


def test_areas_outside_the_locality_asked_for_are_not_recommended(pack: Pack) -> None:
    words = words_of(with_wishes(pack.content, locality="Elsewhere"))
    assert "Just outside" not in words and "Asked to stay within Elsewhere." in words


@pytest.mark.skipif(shutil.which("cc") is None, reason="a clock of another day needs a C compiler")
def test_a_pack_built_nine_days_later_is_the_same_to_the_byte(decided: Decided, pack: Pack, tmp_path: Path) -> None:
    source, shim, out = tmp_path / "later.c", tmp_path / "later.so", tmp_path / "pack.zip"
    source.write_text(SHIM, encoding="utf-8")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(shim), str(source), "-ldl"], check=True, timeout=60)
    latest = pack.content.decision.latest.id if pack.content.decision else ""
    arguments = [str(decided.folder.root), decided.shortlist_id, latest, str(out)]
    made = subprocess.run(
        [sys.executable, "-c", BUILD, *arguments],
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert int(made.stdout) > time.time() + 9 * 86_400 - 60, "it was another day"
    assert out.read_bytes() == pack.zipped
