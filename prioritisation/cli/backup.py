"""`prioritisation backup` and `restore`: what people saved and agreed, in one file and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from prioritisation.cli.frame import FAILED, example, main, with_data
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.workspace import has_workspace, open_workspace
from prioritisation.workspace.audit import AuditCheck
from prioritisation.workspace.backup import back_up, restore


@main.command(epilog=example("prioritisation backup /srv/backups/workspace-2026-11-23.sqlite"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_data
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
def backup(file: Path, data_folder: str | None, replace: bool) -> None:
    """Write scenarios, decisions, votes and the audit log to one FILE, while people go on working.

    It does not hold the data releases, nor the key of the audit log: keep that file apart from the backups.
    """
    folder = DataFolder.chosen(data_folder)
    if not has_workspace(folder):
        raise UserError(
            f"There is no workspace in {folder.root} yet.",
            not_done="No backup was made.",
            remedy="Name the folder with --data, or the database in PRIORITISATION_WORKSPACE.",
        )
    with closing(open_workspace(folder)) as workspace:
        check = back_up(workspace, file, replace=replace)
        _told(check)
        click.echo(f"Wrote {file}. Keep the key file apart from it: {workspace.audit_keys.path}", err=True)
    if not check.intact:
        raise SystemExit(FAILED)


@main.command(
    name="restore", epilog=example("prioritisation restore /srv/backups/workspace-2026-11-23.sqlite --replace")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_data
@click.option("--replace", is_flag=True, help="Put it in the place of a workspace that is there (backed up first).")
@click.option("--new-key", is_flag=True, help="Go on with a new key for the audit log; the backup's own is lost.")
def restore_command(file: Path, data_folder: str | None, replace: bool, new_key: bool) -> None:
    """Put a backup in the place of the workspace, whole or not at all.

    A backup of SQLite may be restored into PostgreSQL, and the reverse. People who are at a page see it at once.
    """
    done = restore(file, DataFolder.chosen(data_folder), replace=replace, new_key=new_key)
    _told(done.check)
    if done.kept is not None:
        click.echo(f"What stood there before is in {done.kept}", err=True)


def _told(check: AuditCheck) -> None:
    state = "is whole" if check.intact else f"is not whole ({len(check.faults)} faults: prioritisation audit verify)"
    rows = f"{check.rows:,} {'row' if check.rows == 1 else 'rows'}"
    click.echo(f"{rows} in the audit log, which {state}; head {check.head}")
