"""Commands that import partners' extracts and look after the restricted store."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
import pandas as pd

from prioritisation.cli.build import import_group
from prioritisation.cli.frame import example, main, progress, show, with_data
from prioritisation.contract import load_contract
from prioritisation.folder import DataFolder

RETAIN_YEARS = 3

with_restricted = click.option(
    "--restricted",
    "restricted_folder",
    metavar="DIR",
    help="Folder of the restricted store (default: $PRIORITISATION_RESTRICTED, or a folder of your account).",
)


@import_group.command(
    name="contacts",
    epilog=example(
        "prioritisation import contacts --check council-2026-q1.csv police-2026-q1.xlsx\n"
        "prioritisation import contacts council-2026-q1.csv police-2026-q1.xlsx\n"
        "prioritisation import contacts corrected.csv --replaces 4 --retain-until 2029-03-31"
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Check the files and say what an import would replace and cover; write and publish nothing.",
)
@click.option(
    "--retain-until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=f"Day until which these people may be kept (default: {RETAIN_YEARS} years from today).",
)
@click.option(
    "--replaces",
    type=int,
    multiple=True,
    metavar="EXTRACT",
    help="Number of an earlier extract that new files of its partner replace as a whole, such as one made with an "
    "earlier key; may be repeated; `prioritisation extracts` lists them.",
)
@click.option("--start-again", is_flag=True, help="Begin with an empty restricted store (after a lost or changed key).")
@with_data
@with_restricted
def import_contacts(
    files: tuple[Path, ...],
    only_check: bool,
    retain_until: datetime | None,
    replaces: tuple[int, ...],
    start_again: bool,
    data_folder: str | None,
    restricted_folder: str | None,
) -> None:
    """Import partners' extracts: check, key again, count, protect, attack, publish; all or nothing.

    What a new file covers (a partner's services, from its first month to its last) replaces what was there of it.
    A partner's extracts are all made with one project key: a second one is refused until new files replace the rest.
    """
    from prioritisation.attack.gate import Gate
    from prioritisation.ingest.contacts.importing import check_contacts
    from prioritisation.ingest.contacts.importing import import_contacts as import_files
    from prioritisation.ingest.contacts.keying import load_key
    from prioritisation.ingest.contacts.offered import Request
    from prioritisation.ingest.contacts.releasing import Releasing
    from prioritisation.ingest.contacts.restricted import RestrictedFolder

    folder, today = DataFolder.chosen(data_folder), date.today()
    until = retain_until.date() if retain_until else date(today.year + RETAIN_YEARS, today.month, 1)
    request = Request(files, until, today, replaces, start_again)
    restricted = RestrictedFolder.chosen(folder, restricted_folder)
    contract, key = load_contract(folder.catalogue), load_key()
    if only_check:
        summary = check_contacts(
            request, data=folder, restricted=restricted, contract=contract, key=key, progress=progress
        )
    else:
        gate = Gate(folder, today)
        summary = import_files(
            request,
            data=folder,
            restricted=restricted,
            contract=contract,
            key=key,
            publisher=Releasing(folder, today, gate.repair, gate),
            progress=progress,
        )
    click.echo(summary.text)


@main.command(epilog=example("prioritisation extracts"))
@with_data
@with_restricted
def extracts(data_folder: str | None, restricted_folder: str | None) -> None:
    """List the extracts that the people of the current release come from; no people, and no numbers of them."""
    from prioritisation.ingest.contacts.importing import extracts_in_use
    from prioritisation.ingest.contacts.restricted import RestrictedFolder

    folder = DataFolder.chosen(data_folder)
    rows = extracts_in_use(folder, RestrictedFolder.chosen(folder, restricted_folder))
    if not rows:
        click.echo("The release in use counts no people. See `prioritisation import contacts`.", err=True)
        return
    listed = [
        {
            "extract": each.extract_id,
            "partner": each.partner,
            "from": f"{each.month_from:%Y-%m}",
            "to": f"{each.month_to:%Y-%m}",
            "services": ";".join(each.services),
            "key": each.key_id,
            "keep_until": each.retain_until.isoformat(),
        }
        for each in rows
    ]
    show(pd.DataFrame(listed), None)


@main.command(epilog=example("prioritisation purge"))
@with_data
@with_restricted
def purge(data_folder: str | None, restricted_folder: str | None) -> None:
    """Remove people past their retention date from the restricted store, and expired lists; published counts stay."""
    from prioritisation.ingest.contacts.importing import purge as take_out
    from prioritisation.ingest.contacts.restricted import RestrictedFolder

    folder = DataFolder.chosen(data_folder)
    gone = take_out(folder, RestrictedFolder.chosen(folder, restricted_folder), date.today())
    for release_id, numbers in gone.items():
        click.echo(f"People of release {release_id}: removed extract {', '.join(str(number) for number in numbers)}.")
    if not gone:
        click.echo("Nobody is past retention; no people were removed.")


@main.command(name="new-key", epilog=example("prioritisation new-key ~/keys/prioritisation.key"))
@click.argument("file", type=click.Path(path_type=Path))
def new_key(file: Path) -> None:
    """Write a new random key for the restricted store to a file that only you may read."""
    from prioritisation.ingest.contacts.keying import KEY_FILE, write_new_key

    key = write_new_key(file)
    click.echo(f"Wrote key {key.id} to {file}. Keep a copy in a safe place: without it no later extract matches.")
    click.echo(f"Before importing: export {KEY_FILE}={file}")
