"""Every page by every role, by its own address and from the menu; what callbacks write; who is recorded."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from signed_in import SignIn
from streamlit.testing.v1 import AppTest

from prioritisation.access import DECISION, MATRIX, PARTICIPANT, SIGNED_IN, Account, may
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.ui import access, page
from prioritisation.ui.asked import read
from prioritisation.ui.explore import sheet_download
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import NAMES, page_file
from prioritisation.workspace import Workspace, open_workspace, records, scenarios
from prioritisation.workspace.chain import Entry

APP = Path(page_file("Start")).parents[1] / "app.py"
INSIDE = "What is behind the door"


def opened(name: str) -> AppTest:
    """Open a page from the menu."""
    return AppTest.from_file(APP, default_timeout=60).run().switch_page(page_file(name)).run()


def said(test: AppTest) -> str:
    return "\n".join(each.proto.body for each in test.get("html") if not each.proto.body.startswith("<style>"))


@pytest.mark.parametrize(
    "role", [None, "", "viewer", *SIGNED_IN[1:], PARTICIPANT], ids=lambda role: role or f"<{role}>"
)
def test_every_page_opens_to_exactly_the_roles_written(
    role: str | None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    if role in SIGNED_IN[1:] and not full:
        pytest.skip("the matrix itself is tested for every role; these open the page files, too, with --full")
    monkeypatch.setattr(page, "_page", lambda *_: show(tag("p", INSIDE)))
    sign_in(role)
    if role == PARTICIPANT:
        monkeypatch.setattr(access, "account", lambda: access.VOTING)
    open_pages = {name for name in NAMES if may({role or ""}, f"see {name}")}
    assert len(open_pages) in (0, len(NAMES) - 1, len(NAMES))
    for name in NAMES:
        test = (
            opened(name) if role == "viewer" and full else AppTest.from_file(page_file(name), default_timeout=60).run()
        )
        assert (INSIDE in said(test)) == (name in open_pages), name
        if name not in open_pages:
            assert 'class="refusal"' in said(test) or test.button(key="sign-in").label == "Sign in"
        assert not test.exception


@pytest.mark.parametrize("way", ["from_file", "menu"])
def test_a_page_that_is_not_in_the_matrix_opens_to_nobody(way: str, sign_in: SignIn) -> None:
    sign_in(*SIGNED_IN)

    def script() -> None:
        from prioritisation.ui.page import show_page

        show_page("Secrets", lambda view: None)

    test = AppTest.from_function(script, default_timeout=60)
    test.session_state["navigated"] = True
    assert "You may not do this" in said(test.run())


def test_each_role_may_write_exactly_what_is_written(sign_in: SignIn) -> None:
    for role in SIGNED_IN:
        sign_in(role)
        here = access.account()
        for action in MATRIX:
            for write in action.writes:
                name, _, kind = write.partition(": ") if write.startswith(DECISION) else (write, "", "")
                entry = Entry(name, here.text, parameters={"kind": kind} if kind else {})
                assert admitted(entry) == (role in action.roles), (role, write)
    assert not admitted(Entry("something new", here.text))
    sign_in("facilitator")
    assert not admitted(Entry("scenario saved", "Facilitator, Somebody else"))
    sign_in(None)
    assert not admitted(Entry("scenario saved", ""))


def admitted(entry: Entry) -> bool:
    try:
        access.may_write(entry)
    except UserError:
        return False
    return True


def test_a_click_on_a_page_opened_before_the_role_was_taken_away_changes_nothing(
    own_folder: DataFolder, sign_in: SignIn
) -> None:
    with closing(open_workspace(own_folder)) as workspace:
        row = a_scenario(workspace, own_folder)
        sign_in("facilitator")
        test = opened("Scenarios")
        test.button(key=f"more-{row.id}").click().run()
        sign_in("viewer")
        test.button(key=f"lock-{row.id}").click().run()
        assert "You may not save or change scenarios: your role here is viewer" in said(test)
        assert scenarios.get(workspace, row.id) == row
        assert f"lock-{row.id}" not in [button.key for button in test.button]
        sign_in("facilitator")
        test.run()
        test.button(key=f"lock-{row.id}").click().run()
        locked = scenarios.get(workspace, row.id)
        assert locked.locked and locked.updated_by == "Facilitator, Council"


def test_who_signed_in_is_recorded_and_is_not_for_typing(own_folder: DataFolder, sign_in: SignIn) -> None:
    sign_in("facilitator")
    test = opened("Shortlist")
    next(button for button in test.button if button.label == "Agree this list").click().run()
    assert not [box for box in test.text_input if box.label == "Your role"]
    assert "Recorded as <strong>Facilitator, Council</strong>" in said(test)
    next(each for each in test.button if each.key and "Agree this list" in each.key).click().run()
    with closing(open_workspace(own_folder)) as workspace:
        (made, *_) = records.timeline(workspace)[-1:]
    assert made.who == records.Who("Facilitator", "Council", verified=True)
    sign_in("viewer")
    labels = [button.label for button in test.run().button]
    assert not {"Agree this list", "Change the list", "Sign off", "End this agreement"} & set(labels)


def test_a_roles_file_that_breaks_or_goes_shuts_everything(sign_in: SignIn, tmp_path: Path) -> None:
    sign_in("analyst")
    (tmp_path / "roles.toml").write_text("[[people]]\nwho = 3\n", encoding="utf-8")
    assert "cannot be used" in said(AppTest.from_file(page_file("Method"), default_timeout=60).run())
    (tmp_path / "roles.toml").unlink()
    assert "nobody has a role" in said(AppTest.from_file(page_file("Method"), default_timeout=60).run())


def test_old_claims_ask_for_another_sign_in(sign_in: SignIn) -> None:
    sign_in("analyst", iat=1_700_000_000)
    test = AppTest.from_file(page_file("Method"), default_timeout=60).run()
    assert "more than 8 hours ago" in said(test) and test.button(key="sign-in").label == "Sign in again"


@pytest.mark.parametrize(
    ("setting", "from_here", "account"),
    [
        ("", True, access.AT_THIS_COMPUTER),
        ("", False, None),
        ("without", False, access.AT_THIS_COMPUTER),
        ("required", True, None),
        ("votes", False, access.VOTING),
    ],
)
def test_without_sign_in_only_this_computer_is_served_unless_that_is_meant(
    setting: str, from_here: bool, account: Account | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIORITISATION_SIGN_IN", setting)
    monkeypatch.setattr(access, "_asked", lambda: access.Asked({}, from_here))
    if account is not None:
        assert access.account() == account
        return
    with pytest.raises(UserError):
        access.account()


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        ("127.0.0.1", {}, True),
        ("127.0.0.1", {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"Host": "[::1]:8501"}, True),
        ("127.0.0.1", {"Host": "int.example.org"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "10.0.0.9"}, False),
        ("127.0.0.1", {"Host": "localhost", "Forwarded": "for=10.0.0.9"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Real-IP": "10.0.0.9"}, False),
        ("0.0.0.0", {"Host": "localhost:8501"}, False),
        ("", {}, False),
    ],
)
def test_a_request_through_a_proxy_is_not_from_this_computer(
    address: str, headers: dict[str, str], here: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Fake:
        context = type("Context", (), {"headers": headers})

        @staticmethod
        def get_option(name: str) -> str:
            return address

    monkeypatch.setattr(access, "st", Fake)
    assert access._only_this_computer() == here


def a_scenario(workspace: Workspace, folder: DataFolder) -> scenarios.SavedScenario:
    from prioritisation.catalogue import load_catalogue
    from prioritisation.scenario import Scenario

    framework: Any = next(iter(load_catalogue(folder.catalogue).frameworks.values()))
    return scenarios.save(
        workspace, name="First", note="", scenario=Scenario.starting(framework), release_id="r1", by="Council"
    )


def test_a_network_served_without_sign_in_is_told_so_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def script() -> None:
        from prioritisation.ui.markup import tag
        from prioritisation.ui.signing import beside_who

        beside_who(tag("header", "Here"))

    monkeypatch.setattr(access, "_asked", lambda: access.Asked({}, from_here=True))
    assert "Anybody on this network" not in said(AppTest.from_function(script, default_timeout=60).run())
    monkeypatch.setenv("PRIORITISATION_SIGN_IN", "without")
    assert "Anybody on this network" in said(AppTest.from_function(script, default_timeout=60).run())


@pytest.mark.parametrize("setting", ["", "without", "required"])
def test_headers_that_say_who_somebody_is_shut_the_product(
    setting: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in("analyst")
    monkeypatch.setenv("PRIORITISATION_SIGN_IN", setting)
    kept = st.get_option
    given = {"server.trustedUserHeaders": {"X-Roles": "roles"}}
    monkeypatch.setattr(st, "get_option", lambda name: given.get(name) or kept(name))
    with pytest.raises(UserError, match="believe what the headers") as refused:
        access.account()
    assert refused.value.not_done and refused.value.remedy
    assert access.known().roles == frozenset()
    for signs_in in (True, False):
        monkeypatch.setattr(access, "signs_in", lambda signs_in=signs_in: signs_in)
        assert "believe what the headers" in said(AppTest.from_file(page_file("Method"), default_timeout=60).run())


def test_a_profile_sheet_asked_for_after_the_role_was_taken_away_is_not_made(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Any] = {}
    monkeypatch.setattr(st, "download_button", lambda label, **button: offered.update({label: button["data"]}))
    monkeypatch.setattr(sheet_download, "area_sheet", lambda *_: pytest.fail("the sheet was made"))
    sign_in("viewer")
    view = SimpleNamespace(scenario=SimpleNamespace(id="s"), store=SimpleNamespace(release=SimpleNamespace(id="r")))
    sheet_download.sheet_downloads(view, "DEMO00012")  # type: ignore[arg-type]
    assert len(offered) == 2
    for role in ("", None):
        sign_in(role)
        for make in offered.values():
            with pytest.raises(UserError):
                make()


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("Explore%3Farea%3DDEMO00012%26show%3Da%2526b", ("Explore", {"area": "DEMO00012", "show": "a&b"})),
        ("Votes", ("Votes", {})),
        ("", None),
        ("root", None),
        ("https%3A%2F%2Felsewhere.org%2FExplore", None),
        ("..%2F..%2FStart", None),
        ("javascript%3Aalert(1)", None),
    ],
)
def test_after_sign_in_people_come_back_to_pages_of_ours_alone(
    kept: str, asked: tuple[str, dict[str, str]] | None
) -> None:
    assert read(kept, NAMES) == asked


def test_a_part_of_a_page_that_runs_by_itself_asks_again(sign_in: SignIn, own_folder: DataFolder) -> None:
    def script() -> None:
        import streamlit as st

        from prioritisation.ui.page import plainly
        from prioritisation.ui.workspace_session import current_workspace

        st.session_state["page"] = "Votes"
        plainly(lambda: st.text(current_workspace().place))

    for role, sees in (("facilitator", True), ("viewer", False)):
        sign_in(role)
        test = AppTest.from_function(script, default_timeout=60).run()
        assert bool(test.text) == sees and ("You may not open the page Votes" in said(test)) != sees
