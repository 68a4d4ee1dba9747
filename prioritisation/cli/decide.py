"""Commands that read the decision record and check the audit log."""

from __future__ import annotations

import json

import click
import pandas as pd

from prioritisation.cli.decision_words import described, headlines
from prioritisation.cli.frame import example, main, show, with_data, workspace_in
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace import audit, records

with_json = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")


@main.group()
def decisions() -> None:
    """Read what was decided, by whom, and on which data."""


@decisions.command(name="list", epilog=example("prioritisation decisions list\nprioritisation decisions list --json"))
@with_json
@with_data
def list_decisions(as_json: bool, data_folder: str | None) -> None:
    """List every decision, newest first."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        found = records.timeline(workspace)
    if as_json:
        click.echo(json.dumps([each.to_record() for each in found], ensure_ascii=False, indent=2))
        return
    for line in headlines(found[::-1]):
        click.echo(line)
    if not found:
        click.echo("Nothing has been decided yet.", err=True)


@decisions.command(name="show", epilog=example("prioritisation decisions show k3n8wq2m5xvt"))
@click.argument("identifier", metavar="ID")
@with_json
@with_data
def show_decision(identifier: str, as_json: bool, data_folder: str | None) -> None:
    """Show one decision; a shortlist with its overrides and sign-offs as they stand."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        found = records.get(workspace, identifier)
        every = records.timeline(workspace)[::-1]
    if as_json:
        click.echo(json.dumps(found.to_record(), ensure_ascii=False, indent=2))
    else:
        click.echo(described(found, every))


@main.group(name="audit")
def audit_group() -> None:
    """Check the log of everything that was written."""


@audit_group.command(
    name="verify",
    epilog=example("prioritisation audit verify\nprioritisation audit verify --anchor 41-9f86d081...  (from a pack)"),
)
@click.option("--anchor", metavar="HEAD", help="A head kept elsewhere, as in a pack's manifest: a cut end shows.")
@with_data
def verify(anchor: str | None, data_folder: str | None) -> None:
    """Check that no row of the log was changed, removed, exchanged or put in."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        check = audit.verify(workspace, anchor)
    if not check.intact:
        raise UserError(
            "The audit log is not whole: somebody or something changed what was written.",
            faults=check.faults,
            not_done="The log was not trusted, and nothing was changed.",
            remedy="Keep a copy of the workspace as it is, compare it with a backup, and find out who could write it.",
        )
    click.echo(f"The audit log is whole: {check.rows:,} rows, from {check.first} to {check.last}.")
    click.echo(f"Head: {check.head}")
    click.echo(check.proof)


@audit_group.command(name="log", epilog=example("prioritisation audit log --last 20"))
@click.option("--last", default=50, show_default=True, type=click.IntRange(1), help="How many rows.")
@with_data
def log(last: int, data_folder: str | None) -> None:
    """Show the newest rows of the log."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        rows = audit.entries(workspace, last)
    columns = ("sequence", "at", "who", "action", "about", "parameters")
    show(pd.DataFrame([{name: getattr(row, name) for name in columns} for row in rows], columns=columns), None)


@audit_group.command(name="new-key", epilog=example('prioritisation audit new-key --by "Analyst, Council"'))
@click.option("--by", required=True, metavar="ROLE", help="Role and organisation, for the log.")
@with_data
def new_key(by: str, data_folder: str | None) -> None:
    """Go on with a fresh key: after a leak, or when the key file is lost."""
    with workspace_in(DataFolder.chosen(data_folder)) as workspace:
        lost = not workspace.audit_keys.read()
        name = audit.new_key(workspace, by=by)
        click.echo(f"The log goes on with key {name}, kept in {workspace.audit_keys.path}.")
    if lost:
        click.echo("The earlier key is not there: rows written with it cannot be checked until it is put back.")
