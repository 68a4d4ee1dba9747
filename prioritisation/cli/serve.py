"""`prioritisation run`: the product in the browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import click

from prioritisation.cli.frame import example, main, with_data
from prioritisation.errors import UserError
from prioritisation.folder import REPOSITORY, DataFolder

FIRST_PORT = 8501


@main.command(epilog=example("prioritisation run\nprioritisation run --data /srv/partnership --port 8600 --no-browser"))
@with_data
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on (default: 8501, or the next free one).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def run(data_folder: str | None, port: int | None, no_browser: bool) -> None:
    """Open the product in the browser. With no data yet, it makes the demonstration first."""
    folder = DataFolder.chosen(data_folder)
    chosen = port or _free_port()
    click.echo(f"Opening http://127.0.0.1:{chosen} (data: {folder.root}). Press Ctrl+C to stop.")
    command = [sys.executable, "-m", "streamlit", "run", str(REPOSITORY / "app.py"), "--server.port", str(chosen)]
    command += ["--server.headless", str(no_browser).lower(), "--server.showEmailPrompt", "false"]
    environment = {**os.environ, "PRIORITISATION_DATA": str(folder.root)}
    try:
        finished = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False)  # noqa: S603 - our own command
    except KeyboardInterrupt:
        return
    if finished.returncode:
        raise UserError(
            f"The server stopped with code {finished.returncode}.",
            not_done="The product is not being served any more.",
            remedy="Its last lines above say why; a port in use is the usual reason (choose another with --port).",
        )


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return FIRST_PORT
