"""The neighbourhood beside the list: found for a draft, agreed when somebody says so, and afterwards as recorded."""

from __future__ import annotations

import html

from opened import MENU, OpenPage, html_of
from shortlisting import CHAIR, Behind, be, press, question

from prioritisation.patch.recorded import recorded_patch
from prioritisation.ui.shortlist.patch import NONE_AGREED, NOT_AGREED, UNREADABLE
from prioritisation.workspace import decisions, drafts

TAB = "Which neighbourhood?"
BOX = "shortlist-patch"


def kept_patch(place: Behind) -> dict[str, object] | None:
    """What the agreed list keeps of a patch."""
    found: dict[str, object] | None = place.state().decision.details["also"].get("patch")
    return found


def agreed_with(place: Behind, **also: object) -> None:
    draft = drafts.begin(place.workspace, CHAIR, place.kept)
    decisions.agree_shortlist(place.workspace, CHAIR, draft.id, draft.version, place.kept, seen=None, also=also)


def test_a_patch_that_nobody_looked_at_is_not_agreed(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder)
    press(test, "Agree this list")
    assert not test.checkbox(key=BOX).value and "people, 14% of the need" in test.checkbox(key=BOX).label
    be(test, CHAIR)
    press(test, "Agree this list")
    assert kept_patch(place) is None
    assert NONE_AGREED in question(test, TAB) and "Place on the" not in html_of(test)


def test_a_patch_that_was_looked_at_is_agreed_and_then_shown_as_recorded(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder)
    seen = question(test, TAB)
    assert NOT_AGREED in seen and "In the patch, not on the list: " in seen
    press(test, "Agree this list")
    assert test.checkbox(key=BOX).value
    be(test, CHAIR)
    press(test, "Agree this list")
    kept = recorded_patch(kept_patch(place))
    assert kept is not None and len(kept.alternatives) == 5
    assert all(f'<td class="text">{html.escape(area.name)}</td>' in seen for area in kept.areas)
    test.query_params["people"] = "2000-3000"  # other wishes than those that were agreed
    said = question(test.run(), TAB)
    assert html.escape(kept.sentences[0]) in said and NOT_AGREED not in said
    assert f"Agreed with the list by {CHAIR.described}" in said and "5 other patches were found" in said


def test_the_choices_of_the_patch_page_are_what_is_agreed(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder, MENU, {"people": "2000-3000", "list": "now"})
    press(test, "Agree this list")
    assert test.checkbox(key=BOX).value
    be(test, CHAIR)
    press(test, "Agree this list")
    kept = recorded_patch(kept_patch(place))
    assert kept is not None and kept.asked == (2_000, 3_000) and 2_000 <= kept.people <= 3_000


def test_a_patch_changed_by_hand_is_recorded_as_such(open_page: OpenPage, place: Behind) -> None:
    hand = ",".join(area.code for area in place.areas[:2])
    test = open_page("Shortlist", place.folder, MENU, {"hand": hand})
    assert "Changed by hand: " in question(test, TAB)
    press(test, "Agree this list")
    be(test, CHAIR)
    press(test, "Agree this list")
    kept = recorded_patch(kept_patch(place))
    assert kept is not None and kept.by_hand and not kept.proven
    assert set(kept.codes) == {area.code for area in place.areas[:2]}


def test_an_alternative_is_recorded_as_one(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder, MENU, {"alternative": "1", "out": "DEMO00001"})
    seen = question(test, TAB)
    assert "It is an alternative, chosen instead of the best patch found: it holds " in seen
    assert "Asked not to be in it: " in seen and "the Patch page proves that none is better" not in seen
    press(test, "Agree this list")
    be(test, CHAIR)
    press(test, "Agree this list")
    kept = recorded_patch(kept_patch(place))
    assert kept is not None and not kept.by_hand and not kept.proven and kept.asked_out == ("DEMO00001",)
    assert len(kept.alternatives) == 5 and kept.codes not in [each.codes for each in kept.alternatives]


def test_wishes_that_cannot_be_met_leave_the_list_to_be_agreed(open_page: OpenPage, place: Behind) -> None:
    test = open_page("Shortlist", place.folder, MENU, {"people": "900000-990000"})
    assert "No patch can be as asked." in question(test, TAB)
    press(test, "Agree this list")
    assert BOX not in [box.key for box in test.checkbox]
    be(test, CHAIR)
    press(test, "Agree this list")
    assert kept_patch(place) is None


def test_a_patch_that_cannot_be_read_is_said_to_be_there(open_page: OpenPage, place: Behind) -> None:
    agreed_with(place, patch={"areas": [{"id": "A"}]})
    assert UNREADABLE in question(open_page("Shortlist", place.folder), TAB)


def test_whoever_signs_off_is_told_that_the_patch_and_the_groups_are_part_of_it(
    open_page: OpenPage, place: Behind
) -> None:
    first = place.areas[0]
    area = {
        "id": first.code,
        "name": first.name,
        "locality": None,
        "people": 7_000,
        "rank": 1,
        "score": 9.0,
        "holds": 1,
    }
    drawn = (
        {
            "objective": {"id": "need", "name": "Need", "what": "need"},
            "wanted": {"people": [5_000, 10_000]},
            "areas": [area],
            "people": 7_000,
            "holds": 1.0,
            "share_held": 0.14,
            "sentences": [],
        }
        | dict.fromkeys(("by_hand", "proven"), False)
        | {"just_outside": [], "alternatives": []}
    )
    agreed_with(
        place, patch=drawn, cohorts=[{"id": "partners-3", "name": "Known to <b>many</b>", "sentence": "As told"}]
    )
    said = html_of(press(open_page("Shortlist", place.folder), "Sign off"))
    assert "It also agrees to what was agreed with this list:" in said
    assert "the patch for the first team: 1 area with 7,000 people, 14% of the need" in said
    assert "whom the team supports first: Known to &lt;b&gt;many&lt;/b&gt;" in said


def test_a_list_that_was_agreed_alone_is_signed_alone(open_page: OpenPage, place: Behind) -> None:
    agreed_with(place)
    assert "It also agrees" not in html_of(press(open_page("Shortlist", place.folder), "Sign off"))
