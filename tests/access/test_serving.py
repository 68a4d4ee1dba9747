"""What `prioritisation run` refuses to serve, and how the commands for backups answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins

from prioritisation.cli import main, serve
from prioritisation.folder import DataFolder
from prioritisation.ui import served as served_by
from prioritisation.ui.access import OPEN, REQUIRED, SIGN_IN
from prioritisation.workspace import open_workspace

WHOLE = {
    "redirect_uri": "https://int.example.org/oauth2callback",
    "cookie_secret": "s3cret" * 8,
    "client_id": "app",
    "client_secret": "s3cret",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, list[str], dict[str, str]]]:
    """What would have been served."""
    asked: list[Any] = []
    monkeypatch.setattr(serve, "serve", lambda *given: asked.append(given))
    monkeypatch.setattr("prioritisation.cli.sign_in_file._streamlits_own", lambda: None)
    return asked


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["run", "--data", str(folder), "--port", "9", *options])


def secrets(folder: Path, **other: str) -> str:
    path = folder / "sign-in.toml"
    lines = [f'{name} = "{value}"' for name, value in (WHOLE | other).items()]
    path.write_text("\n".join(["[auth]", *lines]), encoding="utf-8")
    (folder / "roles.toml").write_text("people = []\n", encoding="utf-8")
    return str(path)


def test_alone_it_serves_this_computer_and_says_so(served: list[Any], tmp_path: Path) -> None:
    answer = run(tmp_path)
    assert answer.exit_code == 0 and "only this computer can open it" in answer.output
    (_, _, options, environment) = served[0]
    assert options[options.index("--server.address") + 1] == "127.0.0.1" and environment[SIGN_IN] == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--address", "0.0.0.0"),
        ("--address", "192.168.1.20"),
        ("--address", "example.org"),
        ("--sign-in", "nowhere.toml"),
        ("--sign-in", "nowhere.toml", "--without-sign-in"),
    ],
)
def test_nothing_wider_is_served_by_mistake(served: list[Any], tmp_path: Path, options: tuple[str, ...]) -> None:
    answer = run(tmp_path, *options)
    assert answer.exit_code == 1 and "Not done: Nothing was served." in answer.output and not served


def test_a_network_is_served_where_that_is_meant(served: list[Any], tmp_path: Path) -> None:
    answer = run(tmp_path, "--address", "192.168.1.20", "--without-sign-in")
    assert "Notice: everybody" in answer.output and served[0][3][SIGN_IN] == OPEN


def test_with_sign_in_the_server_must_have_it(served: list[Any], tmp_path: Path) -> None:
    path = secrets(tmp_path)
    answer = run(tmp_path, "--address", "0.0.0.0", "--sign-in", path)
    assert answer.exit_code == 0 and served[0][3][SIGN_IN] == REQUIRED
    assert path in served[0][2] and "int.example.org" in served[0][2]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"client_id": "", "client_secret": ""}, ["client_id: is not there", "client_secret: is not there"]),
        ({"cookie_secret": "s3cret"}, ["cookie_secret: is shorter"]),
        ({"redirect_uri": "http://int.example.org/oauth2callback"}, ["redirect_uri: does not begin with https"]),
        ({"redirect_uri": "https://int.example.org/"}, ["redirect_uri: does not end with /oauth2callback"]),
        ({"server_metadata_url": "http://login.example.org/x"}, ["server_metadata_url: does not begin"]),
        ({"server_metadata_url": "https://[login/x"}, ["server_metadata_url: does not begin"]),
        ({"redirect_uri": "https:///oauth2callback"}, ["redirect_uri: does not begin"]),
    ],
)
def test_a_faulty_set_up_is_told_without_its_secrets(
    served: list[Any], tmp_path: Path, other: dict[str, str], told: list[str]
) -> None:
    answer = run(tmp_path, "--sign-in", secrets(tmp_path, **other))
    assert answer.exit_code == 1 and not served and "s3cret" not in answer.output
    assert all(each in answer.output for each in told)


def test_without_a_roles_file_it_does_not_start(served: list[Any], tmp_path: Path) -> None:
    path = secrets(tmp_path)
    (tmp_path / "roles.toml").unlink()
    answer = run(tmp_path, "--sign-in", path)
    assert answer.exit_code == 1 and "nobody has a role" in answer.output and not served


def test_backups_by_command(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "backup.sqlite"
    asked = ["--data", str(folder)]
    none = CliRunner().invoke(main, ["backup", str(file), *asked])
    assert none.exit_code == 1 and "no workspace" in none.output and not file.exists() and not folder.exists()
    open_workspace(DataFolder(folder)).close()
    made = CliRunner().invoke(main, ["backup", str(file), *asked])
    assert made.exit_code == 0 and "1 row in the audit log, which is whole" in made.output
    refused = CliRunner().invoke(main, ["restore", str(file), *asked])
    assert refused.exit_code == 1 and "--replace" in refused.output
    back = CliRunner().invoke(main, ["restore", str(file), "--replace", *asked])
    assert back.exit_code == 0 and "2 rows" in back.output and "workspace-before-restore-" in back.output


def test_an_origin_that_is_not_known_asks_no_outside_host(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, timeout=0: asked.append(url))
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)  # put back afterwards
    assert not is_url_from_allowed_origins("http://evil.example") and asked
    asked.clear()
    monkeypatch.setattr(served_by, "main", lambda prog_name: None)
    served_by.serve()
    assert not is_url_from_allowed_origins("http://evil.example") and not asked
