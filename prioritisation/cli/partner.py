"""Commands for partners: what an extract must look like, and the tool that makes one from a partner's own table."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from prioritisation.cli.frame import example, main, show, with_data
from prioritisation.contract import load_contract
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder


@main.command(epilog=example("prioritisation contract\nprioritisation contract --out for-partners/"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write template, Table Schema and the offline tool into this folder.",
)
@with_data
def contract(out: Path | None, data_folder: str | None) -> None:
    """Show the columns of partner extracts, or write the files that partners are given."""
    from prioritisation.contract_files import explanations, files

    agreed = load_contract(DataFolder.chosen(data_folder).catalogue)
    if out is None:
        show(pd.DataFrame(explanations(agreed)), None)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files(agreed).items():
            (out / name).write_bytes(content)
    except OSError as fault:
        raise UserError(
            f"The files for partners cannot be written to {out} ({fault.strerror}).",
            not_done="Not all files were written.",
            remedy="Choose another folder with --out.",
        ) from fault
    click.echo(f"Wrote {', '.join(files(agreed))} to {out} (contract {agreed.version}).", err=True)


@main.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
    options_metavar="[OPTIONS] EXTRACT",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="")
@with_data
@click.pass_context
def pseudonymise(context: click.Context, arguments: tuple[str, ...], data_folder: str | None) -> None:
    """Turn a partner's own table into keyed, banded rows that may leave the partner (its --help says more)."""
    from prioritisation.contract_files import rules_of
    from prioritisation.pseudonymise import main as tool

    agreed = load_contract(DataFolder.chosen(data_folder).catalogue)
    context.exit(tool(arguments, rules_of(agreed), "prioritisation pseudonymise"))
