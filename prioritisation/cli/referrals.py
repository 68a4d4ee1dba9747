"""The command that makes referral lists, on the secure side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from prioritisation.cli.frame import example, main, with_data
from prioritisation.cli.people import with_restricted
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder


@main.command(
    epilog=example(
        "prioritisation referrals pack.zip --partner-keys keys/council.csv --partner-keys keys/nhs.csv \\\n"
        '    --cohort partners-3 --capacity 20 --purpose "Winter outreach" --role "INT lead" \\\n'
        '    --organisation "South Ayrshire HSCP" --signed-by 3f0c9a1be2d47788 --out /secure/winter'
    )
)
@click.argument("pack", type=click.Path(path_type=Path, dir_okay=False), metavar="PACK.zip")
@click.argument("more_keys", nargs=-1, type=click.Path(path_type=Path), metavar="[MORE-KEYS]...")
@click.option(
    "--partner-keys",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A partner's present keys, from the pseudonymise tool; may be repeated, or be keys/*.csv after the pack.",
)
@click.option("--cohort", required=True, metavar="ID", help="Who: a cohort that the pack defines.")
@click.option("--whole-council", is_flag=True, help="Not only residents of the shortlisted areas.")
@click.option("--capacity", required=True, type=int, metavar="N", help="How many people the team can support.")
@click.option("--purpose", required=True, metavar="TEXT", help="What the list is for; it is logged.")
@click.option("--role", required=True, metavar="TEXT", help="Role of whoever asks for it.")
@click.option("--organisation", required=True, metavar="TEXT", help="Organisation of whoever asks for it.")
@click.option("--signed-by", metavar="NAME", help="Key that must have signed the pack (default: the one set up here).")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day of use (default: in 90 days)."
)
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FOLDER", help="A new folder.")
@with_data
@with_restricted
def referrals(
    pack: Path,
    more_keys: tuple[Path, ...],
    partner_keys: tuple[Path, ...],
    cohort: str,
    whole_council: bool,
    capacity: int,
    purpose: str,
    role: str,
    organisation: str,
    signed_by: str | None,
    expires: datetime | None,
    out: Path,
    data_folder: str | None,
    restricted_folder: str | None,
) -> None:
    """Make a referral list: who of a cohort is known to most partners, for each partner by its own keys alone.

    Only from a pack that is signed, agreed and not expired. Nothing of what partners send is kept.
    """
    from prioritisation.referrals.refusing import nothing_made

    asked = _Options(cohort, whole_council, capacity, purpose, role, organisation, expires.date() if expires else None)
    with nothing_made():
        folder = DataFolder.chosen(data_folder)
        files, until = _made(asked, pack, signed_by, [*partner_keys, *more_keys], out, folder, restricted_folder)
    click.echo(f"Wrote {len(files)} files to {out}, readable by you alone:", err=True)
    for name in files:
        click.echo(f"  {name}", err=True)
    click.echo(f"Read about-this-list.txt first. Use until {until.isoformat()}, then delete the folder.", err=True)


@dataclass(frozen=True)
class _Options:
    """What the command line asks for. expires: None for the usual day."""

    cohort: str
    whole_council: bool
    capacity: int
    purpose: str
    role: str
    organisation: str
    expires: date | None


def _made(
    options: _Options,
    pack: Path,
    signed_by: str | None,
    partner_keys: list[Path],
    out: Path,
    folder: DataFolder,
    restricted_folder: str | None,
) -> tuple[list[str], date]:
    """Make the list; return the names of its files, and its last day of use."""
    from prioritisation.ingest.contacts.keying import load_key
    from prioritisation.ingest.contacts.restricted import RestrictedFolder
    from prioritisation.referrals.asking import Asked, usual_expiry
    from prioritisation.referrals.making import SecureSide, make_lists
    from prioritisation.referrals.signed_pack import read_signed_pack
    from prioritisation.workspace import open_workspace
    from prioritisation.workspace.records import Who

    restricted, key, today = RestrictedFolder.chosen(folder, restricted_folder), load_key(), date.today()
    zipped, trusted = _read(pack), signed_by or _own_key()
    workspace = open_workspace(folder)
    try:
        signed = read_signed_pack(zipped, trusted, today, workspace)
        until = options.expires or usual_expiry(today, signed)
        who = Who(options.role, options.organisation)
        asked = Asked(options.cohort, options.whole_council, options.purpose, who, options.capacity, today, until)
        side = SecureSide(folder, restricted, key, workspace)
        return list(make_lists(asked, signed, partner_keys, out, side)), until
    finally:
        workspace.close()


def _read(pack: Path) -> bytes:
    from prioritisation.pack.opening import LARGEST_ZIPPED

    try:
        with pack.open("rb") as file:
            return file.read(LARGEST_ZIPPED + 1)
    except OSError as fault:
        raise UserError(
            f"{pack} cannot be read ({fault.strerror}).",
            not_done="No list was made.",
            remedy="Give the path of the .zip as it was sent.",
        ) from fault


def _own_key() -> str:
    """Return the name of the signing key that is set up here. UserError: there is none, so nothing can be trusted."""
    from prioritisation.pack.signing import KEY_FILE, configured_signer

    signer = configured_signer()
    if signer is None:
        raise UserError(
            "It was not said which key must have signed the pack.",
            not_done="No list was made.",
            remedy=f"Give its name with --signed-by, as its owner told you, or set {KEY_FILE}.",
        )
    return signer.name
