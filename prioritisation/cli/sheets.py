"""The command that writes profile sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, with_data, with_framework, with_weights
from prioritisation.documents.html import html
from prioritisation.documents.model import Document
from prioritisation.documents.pdf import pdf
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder
from prioritisation.prioritise import prioritise
from prioritisation.sheets.area import area_sheet
from prioritisation.sheets.locality import localities, locality_sheet
from prioritisation.sheets.setting import SheetSetting, sheet_setting
from prioritisation.store import Store, open_store

_NOT_IN_A_FILE_NAME = re.compile(r"[^\w-]+")


@main.command(
    epilog=example(
        'prioritisation sheet DEMO00012 DEMO00040 --out sheets\nprioritisation sheet --locality "Aberfaskan North"\n'
        "prioritisation sheet --all --out sheets"
    )
)
@click.argument("areas", nargs=-1, metavar="[AREA]...")
@click.option("--locality", "places", multiple=True, metavar="NAME", help="A locality; may be given again.")
@click.option("--all", "everything", is_flag=True, help="Every area and every locality.")
@click.option("--only", type=click.Choice(["pdf", "html"]), help="One kind of file; both without it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="FOLDER",
    help="Where to write (default: here).",
)
@with_framework
@with_weights
@with_data
def sheet(
    areas: tuple[str, ...],
    places: tuple[str, ...],
    everything: bool,
    only: str | None,
    out: Path,
    framework: str,
    weights: str | None,
    data_folder: str | None,
) -> None:
    """Write one printable page about each area (code or postcode) or locality, as PDF and HTML."""
    folder = DataFolder.chosen(data_folder)
    scenario = chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    with open_store(folder) as store:
        setting = sheet_setting(store, prioritise(store, scenario))
        codes, names = _wanted(store, setting, areas, places, everything)
    kinds = [only] if only else ["pdf", "html"]
    written = [_write(out, name, made, kind) for name, made in _sheets(setting, codes, names) for kind in kinds]
    click.echo(f"Wrote {len(written):,} files to {out.resolve()}.", err=True)


def _wanted(
    store: Store, setting: SheetSetting, areas: tuple[str, ...], places: tuple[str, ...], everything: bool
) -> tuple[list[str], list[str]]:
    """Return codes and names of localities. UserError: every one that is not there, or none was asked for."""
    known, named = setting.ranking.areas.index, localities(setting)
    if everything:
        return [str(code) for code in known], named
    found = [each if each in known else store.area_of_postcode(each) or each for each in areas]
    faults = [
        Fault("AREA", f"'{asked}' is no area here.", "Look its code up with `prioritisation rank`.")
        for asked, code in zip(areas, found, strict=True)
        if code not in known
    ]
    faults += [
        Fault("--locality", f"'{name}' is no locality here.", f"Give one of: {'; '.join(named)}.")
        for name in places
        if name not in named
    ]
    if faults or not (found or places):
        raise UserError(
            "Some sheets cannot be made." if faults else "No area and no locality was given.",
            not_done="No sheet was written.",
            remedy="Give codes, postcodes, --locality NAME, or --all.",
            faults=faults,
        )
    return list(dict.fromkeys(found)), list(dict.fromkeys(places))


def _sheets(setting: SheetSetting, codes: list[str], names: list[str]) -> Iterator[tuple[str, Document]]:
    for code in codes:
        yield f"area-{code}", area_sheet(setting, code)
    for name in names:
        yield f"locality-{_NOT_IN_A_FILE_NAME.sub('-', name).strip('-').lower()}", locality_sheet(setting, name)


def _write(folder: Path, name: str, made: Document, kind: str) -> Path:
    path = folder / f"{name}.{kind}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf(made) if kind == "pdf" else html(made))
    except OSError as fault:
        raise UserError(
            f"{path} cannot be written ({fault.strerror}).",
            not_done="This sheet and those after it were not written.",
            remedy="Choose another folder with --out.",
        ) from fault
    return path
