"""The Place Standard tool: fourteen themes on its own scale, turned round by polarity, never by arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest

from prioritisation.catalogue import load_catalogue
from prioritisation.errors import UserError
from prioritisation.folder import TRACKED_DATA
from prioritisation.place_standard import FILE, load_place_standard

CATALOGUE = TRACKED_DATA / "catalogue"


def test_the_tool_is_the_published_one() -> None:
    tool = load_place_standard(CATALOGUE)
    assert (len(tool.themes), list(tool.scale)) == (14, [1, 2, 3, 4, 5, 6, 7])
    assert tool.scale_words == "1 means a lot of room for improvement, 7 means very little room for improvement"
    catalogue = load_catalogue(CATALOGUE)
    made = [catalogue.indicators[name] for name in catalogue.community_indicators]
    assert len(made) == 15
    assert {each.polarity for each in made} == {"higher_is_better"}


def test_a_file_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    text = (CATALOGUE / FILE).read_text(encoding="utf-8")
    wrong = text.replace('id = "feeling_safe"', 'id = "moving_around"').replace("least = 1", 'least = "one"')
    (tmp_path / FILE).write_text(wrong.replace('name = "Housing and community"\n', ""), encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load_place_standard(tmp_path)
    assert [fault.where for fault in refused.value.faults] == [FILE, f"{FILE}, theme 9", f"{FILE}, theme 12"]
