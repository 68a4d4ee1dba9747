"""Signing in with a real OpenID provider on loopback: roles from claims and from the file, old claims, signing out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from servers import free_port, wait_until_healthy
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from benchmarks.streamlit_client import Session
from prioritisation.folder import DataFolder
from prioritisation.ui.navigation import NAMES

SECRET = "0123456789abcdef" * 4
CLAIMS = '[claims]\nrole = "groups"\norganisation = "org"\n[claims.roles]\n"INT readers" = "viewer"\n'


@dataclass(frozen=True)
class Served:
    """An app that asks for sign-in, and the folder whose roles file it reads."""

    address: str
    folder: Path

    def roles(self, person: str = "") -> None:
        (self.folder / "roles.toml").write_text(CLAIMS + person, encoding="utf-8")

    def cookie(self, **claims: Any) -> dict[str, str]:
        """The cookie of a sign-in that the provider never made, signed with this server's own secret."""
        kept = json.dumps({"origin": self.address, "is_logged_in": True, **claims})
        signed = create_signed_value(SECRET, USER_COOKIE_NAME, kept).decode()
        return {"name": USER_COOKIE_NAME, "value": signed, "url": self.address}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        known = {"email": "vic@example.org", "groups": ["INT readers", "Choir"], "org": "Example Housing"}
        httpx.put(f"{address}/users/vic", json=known).raise_for_status()
        yield address


@pytest.fixture(scope="module")
def served(provider: str, demonstration: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("signed-in"), free_port()
    for each in demonstration.root.iterdir():
        (folder / each.name).symlink_to(each)
    app = Served(f"http://localhost:{port}", folder)
    app.roles()
    lines = {"redirect_uri": f"{app.address}/oauth2callback", "cookie_secret": SECRET, "client_id": "app"}
    lines |= {"client_secret": "x" * 20, "server_metadata_url": f"{provider}/.well-known/openid-configuration"}
    secrets = "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    (folder / "sign-in.toml").write_text(secrets, encoding="utf-8")
    command = [sys.executable, "-m", "prioritisation", "run", "--data", str(folder), "--port", str(port)]
    command += ["--no-browser", "--sign-in", str(folder / "sign-in.toml")]
    log = folder / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until_healthy(app.address, server, log)
        yield app
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.mark.browser
def test_signing_in_gives_the_role_of_the_claim_then_of_the_file_then_none(browser: Any, served: Served) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{served.address}/Scenarios?weights=60,20,10,10&tab=a%26b")
    page.get_by_role("button", name="Sign in").wait_for(timeout=60_000)
    shown = page.inner_text("body")
    assert not [name for name in NAMES if name in shown] and "Strathmarra" not in shown
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill("vic")
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.get_by_role("heading", name="Which scenarios are there?").wait_for(timeout=60_000)  # what was asked for
    assert parse_qs(urlsplit(page.url).query) == {"weights": ["60,20,10,10"], "tab": ["a&b"]}
    who(page, "Viewer, Example Housing")
    assert page.get_by_text("Open the scenario of a pack").count() == 0
    served.roles('[[people]]\nwho = "vic@example.org"\nroles = ["facilitator"]\norganisation = "Council"\n')
    page.get_by_role("link", name="Data").click()
    who(page, "Facilitator, Council")
    page.get_by_role("link", name="Scenarios").click()
    page.get_by_text("Open the scenario of a pack").wait_for()
    served.roles('[[people]]\nwho = "vic@example.org"\nroles = []\norganisation = "Council"\n')
    page.get_by_role("link", name="Method").click()
    page.get_by_text("You are signed in, and have no role here.").wait_for()
    assert page.get_by_role("link", name="Data").count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.get_by_role("button", name="Sign in", exact=True).wait_for(timeout=30_000)
    served.roles()
    context.close()


@pytest.mark.browser
def test_a_sign_in_of_this_morning_is_asked_for_again(browser: Any, served: Served) -> None:
    claims = {"groups": ["INT readers"], "org": "Example Housing"}
    for hours, shown in ((7, "Signed in"), (9, "Sign in again")):
        context = browser.new_context()
        context.add_cookies([served.cookie(iat=int(time.time()) - hours * 3600, **claims)])
        page = context.new_page()
        page.goto(f"{served.address}/Method")
        page.get_by_role("button", name=shown).wait_for(timeout=60_000)
        if hours < 8:
            page.get_by_role("link", name="Weigh").wait_for()
        else:
            assert page.get_by_role("link", name="Weigh").count() == 0
        context.close()


def who(page: Any, expected: str) -> None:
    page.get_by_role("button", name="Signed in").click()
    page.get_by_text(expected).wait_for(timeout=30_000)
    page.keyboard.press("Escape")


def test_nobody_gets_anything_over_the_wire_from_any_address(served: Served, demonstration: DataFolder) -> None:
    release = str(demonstration.published().current).encode()
    for name in NAMES:
        with Session(served.address, name, {"area": "DEMO00012", "saved": "x"}) as session:
            session.open()
            frames = b"".join(delta.SerializeToString() for delta in session.elements.values())
        assert b"Sign in" in frames and release not in frames and b"Strathmarra" not in frames, name
        assert b"/media/" not in frames
