"""A real browser and a real server for the browser tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from screens import is_outside
from servers import ROOT, Open, Serve, free_port, wait_until_healthy

from prioritisation.folder import DataFolder

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
PATIENCE = 60_000  # milliseconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium; without one the tests are skipped, or fail when REQUIRE_BROWSER=1."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is not installed")
        pytest.skip(f"{CHROMIUM} is not installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start `streamlit run FILE` on a free local port; returns its address; ended after the tests."""
    running: list[subprocess.Popen[bytes]] = []

    def start(script: Path | str, env: Mapping[str, str] | None = None) -> str:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
                   "--server.address", "127.0.0.1", "--server.headless", "true",
                   "--browser.gatherUsageStats", "false"]  # fmt: skip
        with log.open("wb") as output:
            server = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})})  # fmt: skip
        running.append(server)
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(address, server, log)
        return address

    yield start
    for server in running:
        server.terminate()
    for server in running:
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def app_address(serve: Serve, demonstration_with_people: DataFolder, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app over the demonstration and its counts of people; shared, so nothing may be saved in it."""
    workspace = tmp_path_factory.mktemp("workspace") / "workspace.sqlite"
    return serve(
        ROOT / "app.py",
        {
            "PRIORITISATION_DATA": str(demonstration_with_people.root),
            "PRIORITISATION_WORKSPACE": f"sqlite:///{workspace}",
        },
    )


@pytest.fixture(scope="session")
def address(app_address: str) -> str:
    """The app that `visit` opens; a module whose tests save puts a server of its own in its place."""
    return app_address


@pytest.fixture(scope="session")
def tabs(browser: Any) -> Iterator[Any]:
    """What all visits share, so that a browser reads the app's scripts once: a fifth of the work of opening a page."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def visit(tabs: Any, address: str) -> Iterator[Open]:
    """Open a page in a tab of its own; at the end nothing failed or popped up, and no outside host was asked."""
    complaints: list[str] = []
    pages = []

    def start(path: str, width: int = 1280, scheme: str = "light", sign: str = ".stHtml h1") -> Any:
        page = tabs.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 720})
        page.emulate_media(color_scheme=scheme)
        page.on("dialog", lambda dialog: (complaints.append("a dialog opened"), dialog.dismiss()))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: is_outside(request.url) and complaints.append(request.url))
        page.goto(address + path)
        page.locator(sign).first.wait_for()
        return page

    yield start
    for page in pages:
        page.close()
    tabs.clear_cookies()
    assert complaints == []


@pytest.fixture(scope="session")
def weigh_address(serve: Serve) -> str:
    """The demonstration page of the weighing view."""
    return serve(Path(__file__).with_name("weigh_demo.py"))


@pytest.fixture
def open_view(browser: Any, weigh_address: str) -> Iterator[Open]:
    """Open the demonstration page; at the end no outside request and no console error may have happened."""
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 720})

    def start(query: str = "", **size: int) -> Any:
        page = context.new_page()
        if size:
            page.set_viewport_size(size)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{weigh_address}/?{query}")
        page.wait_for_selector('.weigh[data-state="ready"]', timeout=60_000)
        return page

    yield start
    context.close()
    outside = [url for url in asked if not url.startswith((weigh_address, "data:", "blob:"))]
    assert not outside and not complaints
