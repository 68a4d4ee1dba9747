"""Commands that bring in what communities have and say: assets of a register, and Place Standard scores."""

from __future__ import annotations

from pathlib import Path

import click

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.build import import_group
from prioritisation.cli.frame import example, progress, with_data
from prioritisation.folder import DataFolder


@import_group.command(
    name="assets",
    epilog=example(
        "prioritisation import assets CharityExport.csv\n"
        'prioritisation import assets halls.csv --number Ref --name Hall --postcode "Post code" --source local_halls'
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="charity_register", show_default=True, metavar="ID", help="Its id in sources.csv.")
@click.option("--number", default="Charity Number", show_default=True, help="Column that tells organisations apart.")
@click.option("--name", default="Charity Name", show_default=True, help="Column of names.")
@click.option("--postcode", default="Postcode", show_default=True, help="Column of postcodes; they are not kept.")
@click.option("--about", default="Purposes", show_default=True, help="Column of what each does, if there is one.")
@with_data
def assets(file: Path, source: str, number: str, name: str, postcode: str, about: str, data_folder: str | None) -> None:
    """Add a register of organisations (the Scottish Charity Register as downloaded) as assets of their areas.

    Assets are shown beside the numbers and never scored. They take the place of those in use.
    """
    from prioritisation.ingest.assets import RegisterColumns
    from prioritisation.ingest.import_assets import import_assets

    folder = DataFolder.chosen(data_folder)
    made = import_assets(
        file,
        folder=folder,
        catalogue=load_catalogue(folder.catalogue),
        source_id=source,
        columns=RegisterColumns(number=number, name=name, postcode=postcode, about=about),
        progress=progress,
    )
    click.echo(made.text)


@import_group.command(name="community", epilog=example("prioritisation import community"))
@with_data
def community(data_folder: str | None) -> None:
    """Publish the accepted Place Standard scores as indicators, for a framework that gives them a weight.

    They change no ranking by themselves: only a framework that names them uses them.
    """
    from prioritisation.ingest.community import import_community
    from prioritisation.workspace import open_workspace

    folder = DataFolder.chosen(data_folder)
    workspace = open_workspace(folder)
    try:
        made = import_community(folder, load_catalogue(folder.catalogue), workspace, progress)
    finally:
        workspace.close()
    click.echo(made.text)
