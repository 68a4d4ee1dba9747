"""Commands that make a pack and check one."""

from __future__ import annotations

import os
from pathlib import Path

import click

from prioritisation.catalogue import DEFAULT_FRAMEWORK, load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import FAILED, example, main, with_data, with_framework, with_weights, workspace_in
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack.building import Pack, decision_pack, scenario_pack
from prioritisation.pack.checking import check_pack
from prioritisation.pack.receiver import report
from prioritisation.scenario import Scenario
from prioritisation.workspace import audit, has_workspace
from prioritisation.workspace.scenarios import get

EXPORTED = "pack exported"


@main.command(
    epilog=example(
        "prioritisation export --decision k3n8wq2m5xvt --out pack.zip\n"
        "prioritisation export --id crbnjazh49f4\n"
        "prioritisation export --framework mine.toml"
    )
)
@click.option("--decision", metavar="ID", help="An agreed shortlist, on the release that it was agreed on.")
@click.option("--until", metavar="ID", help="With --decision: as it stood just after this record.")
@click.option("--id", "saved", metavar="ID", help="A saved scenario; not a decision, and marked so.")
@with_framework
@with_weights
@click.option("--by", default="command line", show_default=True, metavar="WHO", help="For the audit log.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.zip",
    help="Default: a name that says what it is.",
)
@with_data
def export(
    decision: str | None,
    until: str | None,
    saved: str | None,
    framework: str,
    weights: str | None,
    by: str,
    out: Path | None,
    data_folder: str | None,
) -> None:
    """Write the pack: one zip with the shortlist, its values, maps and a check that its receiver can run."""
    folder = DataFolder.chosen(data_folder)
    chosen = weights is not None or framework != DEFAULT_FRAMEWORK
    _refuse_mixed([bool(decision), bool(saved), chosen], until is not None and decision is None)
    if decision:
        with workspace_in(folder, not_done="No pack was made.") as workspace:
            pack = decision_pack(folder, workspace, decision, until)
            audit.record(workspace, EXPORTED, by=by, about=decision, parameters={"pack": pack.sha256[:32]})
            _write(pack, out)
        return
    _write(scenario_pack(folder, _scenario(folder, saved, framework, weights)), out)


@main.command(epilog=example("prioritisation verify pack.zip\nprioritisation verify pack.zip --key 3f0c9a1be2d47788"))
@click.argument("pack", type=click.Path(path_type=Path, dir_okay=False), metavar="PACK.zip")
@click.option("--key", metavar="NAME", help="Name of the key that must have signed it, as its owner told you.")
@with_data
def verify(pack: Path, key: str | None, data_folder: str | None) -> None:
    """Check a pack: every file, scores and ranks, signature, and the decision log when there is one here."""
    try:
        zipped = pack.read_bytes()
    except OSError as fault:
        raise UserError(
            f"{pack} cannot be read ({fault.strerror}).",
            not_done="Nothing was checked.",
            remedy="Give the path of the .zip as it was sent.",
        ) from fault
    folder = DataFolder.chosen(data_folder)
    if has_workspace(folder):
        with workspace_in(folder) as workspace:
            found = check_pack(zipped, workspace, key)
    else:
        found = check_pack(zipped, None, key)
    for line in [*report(found.faults, found.manifest), *(f"  {remark}" for remark in found.remarks)]:
        click.echo(line)
    if not found.passed:
        raise click.exceptions.Exit(FAILED)


def _refuse_mixed(ways: list[bool], lone_until: bool) -> None:
    if sum(ways) > 1 or lone_until:
        raise UserError(
            "--until needs --decision." if lone_until else "More than one way to say what to export was given.",
            not_done="No pack was made.",
            remedy="Give --decision ID, or --id ID, or --framework and --weights.",
        )


def _scenario(folder: DataFolder, saved: str | None, framework: str, weights: str | None) -> Scenario:
    if saved is None:
        return chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    with workspace_in(folder, not_done="No pack was made.") as workspace:
        return get(workspace, saved).scenario


def _write(pack: Pack, out: Path | None) -> None:
    """Write the zip whole or not at all."""
    path = out or Path(pack.name)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(pack.zipped)
        aside.replace(path)
    except OSError as fault:
        aside.unlink(missing_ok=True)
        raise UserError(
            f"{path} cannot be written ({fault.strerror}).",
            not_done="No pack was written.",
            remedy="Choose another place with --out.",
        ) from fault
    content = pack.content
    click.echo(f"Wrote {path} ({len(pack.files)} files, {len(pack.zipped):,} bytes).", err=True)
    click.echo(f"{content.title}: {content.state}. Use until {content.expires}.", err=True)
    for line in [content.note] if content.note else []:
        click.echo(line, err=True)
