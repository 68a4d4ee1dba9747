"""The roles file and the claims: who is what, what a broken file says, and how long a sign-in lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prioritisation.access import AUDITOR, FACILITATOR, SIGNED_IN, VIEWER
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.roles_file import SignInAgain, chosen_file, fresh, read_roles

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE = """
[claims]
role = "groups"
organisation = "org"
[claims.roles]
"INT viewers" = "viewer"
"INT auditors" = "auditor"

[[people]]
who = "Fay@Example.org"
roles = ["facilitator", "analyst"]
organisation = "Council"

[[people]]
who = "left@example.org"
roles = []
organisation = "Council"
"""


def roles_of(text: str, claims: dict[str, Any], tmp_path: Path) -> Any:
    path = tmp_path / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return read_roles(path).account(claims)


def test_the_file_decides_about_whom_it_names(tmp_path: Path) -> None:
    fay = roles_of(WHOLE, {"email": "fay@example.ORG", "groups": ["INT auditors"], "org": "Other"}, tmp_path)
    assert fay.roles == {FACILITATOR, "analyst"} and fay.text == "Facilitator and analyst, Council" and fay.verified
    assert not roles_of(WHOLE, {"email": "left@example.org", "groups": "INT viewers", "org": "X"}, tmp_path).roles


@pytest.mark.parametrize("like", ["\N{KELVIN SIGN}irs@x.org", "kir\N{LATIN SMALL LETTER LONG S}@x.org"])
def test_an_address_that_only_looks_like_one_of_the_file_is_another(like: str, tmp_path: Path) -> None:
    text = '[[people]]\nwho = "kirs@x.org"\nroles = ["analyst"]\norganisation = "Council"\n'
    assert roles_of(text, {"email": "KIRS@x.org"}, tmp_path).roles == {"analyst"}
    assert not roles_of(text, {"email": like}, tmp_path).roles


def test_claims_decide_about_others(tmp_path: Path) -> None:
    both = roles_of(
        WHOLE, {"email": "a@b.c", "groups": ["INT viewers", "INT auditors", "x"], "org": "Housing"}, tmp_path
    )
    assert both.roles == {VIEWER, AUDITOR} and both.organisation == "Housing"
    assert roles_of(WHOLE, {"groups": "INT viewers", "org": "Housing"}, tmp_path).roles == {VIEWER}


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "a@b.c"},
        {"groups": ["facilitator"], "org": "Housing"},  # the roles' own names count only where no list is given
        {"groups": ["INT viewers"]},
        {"groups": ["INT viewers"], "org": "x" * 61},
        {"groups": {"INT viewers": 1}, "org": "Housing"},
        {"groups": ["INT viewers"], "org": ["Housing"]},
        {"groups": ["INT viewers"], "org": {"name": "Housing"}},
        {"email": "fay@example.org", "email_verified": False},
        {"email": "fay@example.org", "email_verified": "false"},
        {"email": "left@example.org", "email_verified": False, "groups": ["INT viewers"], "org": "Housing"},
        {"email": ["fay@example.org"]},
        {"email": ""},
    ],
)
def test_what_is_not_said_gives_no_role(claims: dict[str, Any], tmp_path: Path) -> None:
    assert roles_of(WHOLE, claims, tmp_path).roles == frozenset()


def test_claims_give_no_local_role(tmp_path: Path) -> None:
    plain = '[claims]\nrole = "roles"\norganisation = "org"\n'
    named = roles_of(plain, {"roles": ["local", "participant", "viewer", "root"], "org": "Housing"}, tmp_path)
    assert named.roles == {VIEWER}


BROKEN = {
    "": "not there",
    "x = 1\n[a]]\n": "cannot be read (line 2)",
    "[nobody]\n": "1 of its parts are not known",
    "people = 3\n": "people: is not a list",
    '[[people]]\nwho = "secret@example.org"\n': "person 1: does not have exactly",
    '[[people]]\nwho = "secret@example.org"\nroles = ["boss"]\norganisation = ""\n': "person 1: has a role",
    WHOLE + '[[people]]\nwho = "FAY@example.org"\nroles = []\norganisation = "X"\n': "person 3: is in the file already",
    '[claims]\nrole = "groups"\n': "names no claim",
    '[claims]\nrole = "r"\norganisation = "o"\n[claims.roles]\n"secret" = "boss"\n': "claims.roles",
    "[match]\nclaim = 3\n": "match",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_told_without_its_words(text: str, tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    if text:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_roles(path)
    assert BROKEN[text] in str(refused.value)
    assert "secret" not in str(refused.value) and "boss" not in str(refused.value)


@settings(max_examples=60, deadline=None)
@given(
    people=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "who": st.text(max_size=9) | st.integers(),
                "roles": st.lists(st.sampled_from([*SIGNED_IN, "boss"])) | st.none(),
                "organisation": st.text(max_size=9) | st.integers(),
            },
        )
        | st.integers()
    )
)
def test_a_file_gives_roles_or_a_refusal(people: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("roles") / "roles.toml"
    path.write_text(f"people = [{', '.join(_toml(each) for each in people)}]\n", encoding="utf-8")
    try:
        found = read_roles(path)
    except UserError:
        return
    for each in people:
        assert found.account({"email": each["who"]}).roles == frozenset(each["roles"])


def _toml(value: object) -> str:
    import json

    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items() if each is not None) + "}"
    return json.dumps(value).replace("\\ud", "\\u0d").replace("\x7f", "")


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=7, minutes=59), timedelta(minutes=-4)])
def test_a_sign_in_lasts_eight_hours(age: timedelta) -> None:
    fresh({"iat": (NOW - age).timestamp()}, NOW)


@pytest.mark.parametrize("issued", [None, "now", True, 0, (NOW - timedelta(hours=8, seconds=1)).timestamp(),
                                    (NOW + timedelta(minutes=6)).timestamp(), float("nan"), float("inf"), float("-inf"),
                                    10**400, -(10**400)])  # fmt: skip
def test_other_claims_ask_for_another_sign_in(issued: object) -> None:
    with pytest.raises(SignInAgain):
        fresh({"iat": issued}, NOW)


def test_the_environment_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen_file(DataFolder(tmp_path)) == tmp_path / "roles.toml"
    monkeypatch.setenv("PRIORITISATION_ROLES", str(tmp_path / "elsewhere.toml"))
    assert chosen_file(DataFolder(tmp_path)) == tmp_path / "elsewhere.toml"
