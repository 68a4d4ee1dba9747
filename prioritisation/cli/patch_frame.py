"""What the commands about patches share: the ranked ground, ranges as people write them, and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import show
from prioritisation.errors import Fault, UserError
from prioritisation.folder import DataFolder
from prioritisation.patch.ground import Ground
from prioritisation.patches import ground_of_release
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.store import Store, open_store

with_out = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here: .json, otherwise CSV."
)


@dataclass(frozen=True, eq=False)
class Place:
    """An open release, ranked, on its ground."""

    store: Store
    ranking: Prioritisation
    ground: Ground


@contextmanager
def opened(framework: str, weights: str | None, data_folder: str | None) -> Iterator[Place]:
    """Open the current release. UserError: it cannot be ranked, or has no boundaries."""
    folder = DataFolder.chosen(data_folder)
    catalogue = load_catalogue(folder.catalogue)
    with open_store(folder) as store:
        ranking = prioritise(store, chosen_scenario(catalogue, framework, weights))
        yield Place(store, ranking, ground_of_release(store, ranking.areas))


def people_range(text: str) -> tuple[int, int]:
    """Read "5000-10000"; what each number may be is checked where the patch is asked for."""
    found = re.fullmatch(r"\s*(\d[\d,]{0,14})\s*(?:-|to|\N{EN DASH})\s*(\d[\d,]{0,14})\s*", text)
    if found is None:
        raise UserError(
            "The range of people cannot be read.",
            faults=[Fault("--people", "it is not two whole numbers with a dash between.")],
            not_done="No patch was looked for.",
            remedy="Write --people 5000-10000.",
        )
    low, high = (int(number.replace(",", "")) for number in found.groups())
    return low, high


def say(sentences: Sequence[str]) -> None:
    """Show what was found in words, beside the table."""
    for sentence in sentences:
        click.echo(sentence, err=True)


def write(table: pd.DataFrame, record: dict[str, Any], out: Path | None) -> None:
    """Write the record where the file is called .json, else the table; or show the table."""
    if out is None or out.suffix.lower() != ".json":
        show(table, out)
        return
    try:
        out.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as fault:
        raise UserError(
            f"{out} cannot be written ({fault.strerror}).",
            not_done="No file was written.",
            remedy="Choose another place with --out, or leave it out to see the list on the screen.",
        ) from fault
    click.echo(f"Wrote {out}", err=True)
