"""`prioritisation votes`: the Vote page for phones, alone, as a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import click

from prioritisation.access import is_loopback
from prioritisation.cli.frame import example, main, with_data
from prioritisation.cli.serving import LOOPBACK, address_to_serve_on, free_port, from_here, in_use, reachable, serve
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.votes_address import ADDRESS, FOR_PHONES, announced

SCRIPT = "prioritisation/ui/vote/app.py"
FIRST_PORT = 8601
EXAMPLE = f"""\
{FOR_PHONES}
prioritisation votes
prioritisation votes --url https://vote.example.org"""


@main.command(epilog=example(EXAMPLE))
@with_data
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port to serve on (default: {FIRST_PORT}, or the next).")
@click.option(
    "--address",
    default=LOOPBACK,
    show_default=True,
    metavar="IP",
    help="Address to serve on; 0.0.0.0 is every network of this machine.",
)
@click.option("--url", metavar="URL", help="How phones reach it, where a proxy stands before it.")
def votes(data_folder: str | None, port: int | None, address: str, url: str | None) -> None:
    """Serve the Vote page alone, for phones; no other page can be reached there."""
    folder = DataFolder.chosen(data_folder)
    bound, chosen = address_to_serve_on(address), port or free_port(FIRST_PORT)
    reached = _checked(url) if url else f"http://{_as_host(reachable(bound))}:{chosen}"
    if not bound.is_loopback:
        click.echo(_notice(reached), err=True)
    host = urlsplit(reached).hostname or LOOPBACK
    # Told its name, Streamlit knows the phones' origin.
    options = ["--server.headless", "true", "--server.address", str(bound), "--browser.serverAddress", host]
    # This server needs no secrets, so it reads none; nothing is uploaded here either.
    options += ["--secrets.files", str(folder.root / "no-secrets.toml"), "--server.maxUploadSize", "1"]
    environment = {"PRIORITISATION_DATA": str(folder.root), "PRIORITISATION_SIGN_IN": "votes"}
    if in_use(bound, chosen):
        raise _taken(chosen)
    serve(SCRIPT, chosen, options, environment, at=from_here(bound), while_it_answers=_announcing(folder, reached))


@contextmanager
def _announcing(folder: DataFolder, reached: str) -> Iterator[None]:
    """Tell the facilitator's page and whoever runs the command where the Vote page is, now that it answers."""
    for_whom = "this computer only" if is_loopback(urlsplit(reached).hostname or "") else "phones"
    with announced(folder, reached) as told:
        click.echo(f"Vote page for {for_whom}: {reached} (data: {folder.root}). Press Ctrl+C to stop.")
        if for_whom != "phones":
            click.echo(f"For phones, run instead: {FOR_PHONES}", err=True)
        if not told:
            click.echo(f"The folder cannot be written: set {ADDRESS}={reached} for `prioritisation run`.", err=True)
        yield


def _taken(port: int) -> UserError:
    return UserError(
        f"Port {port} is in use already.",
        not_done="Nothing was served.",
        remedy="Choose another port with --port, or leave it out and the next free one is taken.",
    )


def _checked(url: str) -> str:
    if not _usable(url):
        raise UserError(
            "The address that phones are to use cannot be used.",
            not_done="Nothing was served.",
            remedy="Give it whole and without a query, such as https://vote.example.org.",
        )
    return url


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(named) and not (parts.query or parts.fragment or parts.username)


def _as_host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _notice(reached: str) -> str:
    lines = ["Notice: everybody on this network can open the Vote page. A vote needs the code of an open round."]
    if reached.startswith("http://"):
        lines.append("It travels unencrypted here: somebody who listens in on this network can read it.")
    return " ".join(lines)
