"""What every command shares: the group, its refusals in three parts, options, and how tables are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd

from prioritisation import __version__
from prioritisation.catalogue import DEFAULT_FRAMEWORK
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.pack import csv_bytes, csv_text
from prioritisation.workspace import Workspace, has_workspace, open_workspace

FAILED = 1


class Plain(click.Group):
    """A command group that shows an error as three parts and never as a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except UserError as refusal:
            click.echo(str(refusal), err=True)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            pass
        except Exception as fault:  # noqa: BLE001 - the last line: whatever it is, people get three parts
            click.echo(str(_unforeseen(fault)), err=True)
        context.exit(FAILED)
        return None


def _unforeseen(fault: Exception) -> UserError:
    """Say an unforeseen error plainly; its text may hold values, so only its kind and place are told."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else "unknown place"
    return UserError(
        f"Something went wrong that this product did not foresee: {type(fault).__name__} ({place}).",
        not_done="The command stopped; what was published before is as it was.",
        remedy="Try once more. If it happens again, send this message and the command to whoever looks after it.",
    )


def example(text: str) -> str:
    """Return an epilogue for --help, kept on its own lines."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in text.splitlines())


with_data = click.option(
    "--data", "data_folder", metavar="DIR", help="Folder of built data (default: data/, or $PRIORITISATION_DATA)."
)
with_framework = click.option(
    "--framework",
    default=DEFAULT_FRAMEWORK,
    show_default=True,
    metavar="ID|FILE",
    help="A framework's id, or its .toml file.",
)
with_weights = click.option(
    "--weights",
    metavar="TEXT",
    help='Weights by priority, "financial_hardship=40,housing=30,..."; only proportions count.',
)


@click.group(cls=Plain, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="prioritisation")
def main() -> None:
    """Decide where a neighbourhood team should start: rank small areas by agreed, weighted priorities."""


@contextmanager
def workspace_in(
    folder: DataFolder, *, not_done: str = "Nothing was read.", begin: bool = False
) -> Iterator[Workspace]:
    """Open the workspace. begin: where there is none yet, make it; asking about one must not.

    UserError: there is none, and nothing is to begin one.
    """
    if not begin and not has_workspace(folder):
        raise UserError(
            f"There is no workspace in {folder.root} yet.",
            not_done=not_done,
            remedy="Name the folder with --data; the first scenario or decision that is saved begins a workspace.",
        )
    workspace = open_workspace(folder)
    try:
        yield workspace
    finally:
        workspace.close()


def progress(line: str) -> None:
    click.echo(line, err=True)


def show(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table to a file, or to the screen: aligned for people, as CSV when piped."""
    if out is not None:
        try:
            out.write_bytes(csv_bytes(table))
        except OSError as fault:
            raise UserError(
                f"{out} cannot be written ({fault.strerror}).",
                not_done="No file was written.",
                remedy="Choose another place with --out, or leave it out to see the list on the screen.",
            ) from fault
        click.echo(f"Wrote {len(table)} rows to {out}", err=True)
    elif sys.stdout.isatty():
        click.echo(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.2f}"))
    else:
        click.echo(csv_text(table), nl=False)
