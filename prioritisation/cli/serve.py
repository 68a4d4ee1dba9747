"""`prioritisation run`: the product in the browser."""

from __future__ import annotations

import click

from prioritisation.access import is_loopback
from prioritisation.cli.frame import example, main, with_data
from prioritisation.cli.serving import LOOPBACK, address_to_serve_on, free_port, reachable, serve
from prioritisation.cli.sign_in_file import configured
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.roles_file import chosen_file, read_roles

FIRST_PORT = 8501
EXAMPLE = """\
prioritisation run
prioritisation run --data /srv/partnership --port 8600 --no-browser
prioritisation run --sign-in /etc/prioritisation/sign-in.toml
prioritisation run --address 192.168.1.20 --without-sign-in"""


@main.command(epilog=example(EXAMPLE))
@with_data
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on (default: 8501, or the next free one).")
@click.option("--address", default=LOOPBACK, show_default=True, metavar="IP", help="Address to serve on.")
@click.option("--sign-in", metavar="FILE", help="File that sets up sign-in (default: Streamlit's secrets.toml).")
@click.option("--without-sign-in", is_flag=True, help="Serve a network with no sign-in: everybody on it may do all.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def run(
    data_folder: str | None,
    port: int | None,
    address: str,
    sign_in: str | None,
    without_sign_in: bool,
    no_browser: bool,
) -> None:
    """Open the product in the browser. With no data yet, it makes the demonstration first."""
    folder = DataFolder.chosen(data_folder)
    if sign_in and without_sign_in:
        raise _not_served("Both a way to sign in and none were asked for.", "Leave out one of the two options.")
    asked, chosen = address_to_serve_on(address), port or free_port(FIRST_PORT)
    bound = str(asked)
    found = None if without_sign_in else configured(sign_in)
    if found is None and not without_sign_in and not is_loopback(bound):
        raise _unprotected(bound)
    # Told its name, Streamlit knows the browsers' origin.
    name = found[1] if found is not None else reachable(asked)
    options = ["--server.headless", str(no_browser).lower(), "--server.address", bound, "--browser.serverAddress", name]
    if found is not None:
        read_roles(chosen_file(folder))
        options += ["--secrets.files", str(found[0])]
    click.echo(f"Opening http://{bound}:{chosen} (data: {folder.root}). Press Ctrl+C to stop.")
    click.echo(_who_may(found is not None, without_sign_in), err=True)
    how = "required" if found else "without" if without_sign_in else ""
    # A folder's own secrets.toml must not bring sign-in back where it was declined.
    options += ["--secrets.files", str(folder.root / "no-secrets.toml")] if without_sign_in else []
    serve("app.py", chosen, options, {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_SIGN_IN": how})


def _who_may(signs_in: bool, without: bool) -> str:
    """Return in one line who can open it."""
    if signs_in:
        return "People sign in; what they may do stands in the roles file, read anew at every step."
    if without:
        return "Notice: everybody who reaches this address may open and change everything. No sign-in was asked for."
    return "There is no sign-in: only this computer can open it, and whoever sits at it may do everything."


def _unprotected(bound: str) -> UserError:
    return _not_served(
        f"Other computers could open {bound}, and no sign-in is set up.",
        "Set up sign-in (docs/deployment.md), or add --without-sign-in to let everybody on that network do everything.",
    )


def _not_served(found: str, remedy: str) -> UserError:
    return UserError(found, not_done="Nothing was served.", remedy=remedy)
