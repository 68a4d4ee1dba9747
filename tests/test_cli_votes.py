"""`prioritisation votes`: where it serves, what it warns of, and what it tells the facilitator's page."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prioritisation.cli import main, votes
from prioritisation.folder import DataFolder
from prioritisation.votes_address import announced, vote_link


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """What would have been served, and the link that the facilitator's page has meanwhile."""
    seen: dict[str, Any] = {}

    def serve(
        script: str,
        port: int,
        options: list[str],
        environment: dict[str, str],
        *,
        at: str,
        while_it_answers: AbstractContextManager[object],
    ) -> None:
        seen.update(script=script, options=options, environment=environment, at=at)
        seen["link before it answers"] = vote_link(DataFolder(tmp_path), "ABC")
        with while_it_answers:
            seen["link"] = vote_link(DataFolder(tmp_path), "ABC")

    monkeypatch.setattr(votes, "serve", serve)
    monkeypatch.delenv("PRIORITISATION_VOTES_URL", raising=False)
    return seen


def ran(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["votes", "--data", str(folder), "--port", "8777", *more])


def test_by_itself_it_serves_this_computer_only(served: dict[str, Any], tmp_path: Path) -> None:
    result = ran(tmp_path)
    assert result.exit_code == 0
    assert "Notice" not in result.stderr
    assert served["script"] == "prioritisation/ui/vote/app.py"
    assert served["options"][2:4] == ["--server.address", "127.0.0.1"]
    assert served["environment"]["PRIORITISATION_SIGN_IN"] == "votes"
    assert served["link"] == "http://127.0.0.1:8777/?code=ABC" and served["link before it answers"] is None
    assert "Vote page for this computer only: http://127.0.0.1:8777" in result.stdout
    assert "For phones, run instead: prioritisation votes --address 0.0.0.0" in result.stderr
    assert vote_link(DataFolder(tmp_path), "ABC") is None  # taken back when it ends


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.7.7", "::"])
def test_a_network_is_served_with_a_notice(served: dict[str, Any], tmp_path: Path, address: str) -> None:
    result = ran(tmp_path, "--address", address)
    assert "everybody on this network can open the Vote page" in result.stderr
    assert "unencrypted" in result.stderr
    assert served["options"][3] == address
    assert served["at"] == {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    assert "--browser.serverAddress" in served["options"]  # else Streamlit asks an outside host for this machine's own


def test_behind_a_proxy_phones_use_its_address(served: dict[str, Any], tmp_path: Path) -> None:
    result = ran(tmp_path, "--address", "10.0.0.7", "--url", "https://vote.example.org/")
    assert served["link"] == "https://vote.example.org/?code=ABC"
    assert served["options"][5] == "vote.example.org"
    assert "unencrypted" not in result.stderr


@pytest.mark.parametrize("wrong", [("--address", "everywhere"), ("--url", "vote.example.org"), ("--url", "ftp://a"),
                                   ("--url", "http://[a"), ("--url", "https://me:pass@vote.example.org")])  # fmt: skip
def test_what_cannot_be_served_is_refused_in_three_parts(
    served: dict[str, Any], tmp_path: Path, wrong: tuple[str, str]
) -> None:
    result = ran(tmp_path, *wrong)
    assert result.exit_code == 1
    assert "Not done: Nothing was served." in result.stderr
    assert served == {}


def test_a_port_in_use_is_refused_before_its_address_is_told(served: dict[str, Any], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = CliRunner().invoke(main, ["votes", "--data", str(tmp_path), "--port", port])
    assert result.exit_code == 1 and served == {}
    assert f"Port {port} is in use already." in result.stderr and "Not done: Nothing was served." in result.stderr


def test_one_that_ends_leaves_the_address_of_a_later_one(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with announced(folder, "http://a:1") as told, announced(folder, "http://b:2"):
        assert told
        (tmp_path / "votes.address").write_text("http://c:3\n", encoding="utf-8")
    assert vote_link(folder, "ABC") == "http://c:3/?code=ABC"
    with announced(DataFolder(tmp_path / "absent"), "http://a:1") as told:
        assert not told
