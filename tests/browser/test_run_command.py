"""`prioritisation run` on a machine with no data yet: from the command to a map, asking nobody outside."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from servers import free_port, wait_until_healthy

pytestmark = pytest.mark.browser


def test_the_command_of_the_readme_leads_to_a_map(browser: Any, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log.txt"
    command = [sys.executable, "-m", "prioritisation", "run", "--no-browser", "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen([*command, "--data", str(tmp_path / "data")], stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(address, server, log)
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.locator("svg path[data-area] >> nth=100").wait_for(timeout=60_000)
        assert page.get_by_text("Demonstration data").first.is_visible()
        assert [url for url in asked if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", url)] == []
        page.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)  # a busy machine is slow, not wrong
    assert "Traceback" not in log.read_text(errors="replace")
