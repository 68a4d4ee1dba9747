"""The command that records a computed shortlist as agreed, with the patch and the cohorts that go with it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from prioritisation.catalogue import DEFAULT_FRAMEWORK, load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, with_data, with_framework, with_weights, workspace_in
from prioritisation.cohort_ranking import open_cube
from prioritisation.decision_sentences import beside_words
from prioritisation.errors import UserError
from prioritisation.folder import DataFolder
from prioritisation.patch.graph import is_connected
from prioritisation.patch.recorded import RecordedPatch, recorded_patch
from prioritisation.patches import area_rows, ground_of_release, objective_of
from prioritisation.prioritise import Prioritisation, prioritise
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.store import Store, open_store
from prioritisation.words import areas_words
from prioritisation.workspace import Workspace, decisions, drafts
from prioritisation.workspace.agreed import AgreedShortlist
from prioritisation.workspace.records import Decision, Who, day_and_time
from prioritisation.workspace.scenarios import get

NOT_AGREED = "Nothing was agreed."
LARGEST_PATCH = 1_000_000  # bytes
HOW_TO_WRITE = "Write it with `prioritisation patch --out patch.json`, with these weights and on the data in use now."


@main.command(
    epilog=example(
        'prioritisation agree --role "Chair" --organisation "South Ayrshire HSCP" --reason "As voted"\n'
        "prioritisation agree --id crbnjazh49f4 --patch patch.json --cohort partners-3 --role Chair "
        "--organisation HSCP"
    )
)
@click.option("--id", "saved", metavar="ID", help="A saved scenario, instead of --framework and --weights.")
@with_framework
@with_weights
@click.option(
    "--patch",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    help="The patch to agree with it, as `prioritisation patch --out FILE.json` wrote it.",
)
@click.option("--cohort", "cohorts", multiple=True, metavar="ID", help="Whom the team supports first; may be repeated.")
@click.option("--reason", default="", metavar="TEXT", help="Why; everybody will read it.")
@click.option("--replaces", metavar="ID", help="The agreed shortlist that this one takes the place of.")
@click.option("--role", required=True, metavar="TEXT", help="Role of whoever agrees it; no person's name.")
@click.option("--organisation", required=True, metavar="TEXT", help="Organisation of whoever agrees it.")
@with_data
def agree(
    saved: str | None,
    framework: str,
    weights: str | None,
    patch: Path | None,
    cohorts: tuple[str, ...],
    reason: str,
    replaces: str | None,
    role: str,
    organisation: str,
    data_folder: str | None,
) -> None:
    """Record the computed shortlist as agreed, with a patch and cohorts where they are given; prints its id.

    A list that people changed is agreed on the Shortlist page, which shows their changes.
    """
    folder, who = DataFolder.chosen(data_folder), Who(role, organisation)
    with workspace_in(folder, not_done=NOT_AGREED, begin=saved is None) as workspace, open_store(folder) as store:
        _refuse_unseen(decisions.agreed(workspace).shortlist, replaces)
        ranking = prioritise(store, _scenario(folder, workspace, saved, framework, weights))
        also: dict[str, Any] = {"patch": _patch(patch, store, ranking)} if patch else {}
        also |= {"cohorts": _cohorts(cohorts, store)} if cohorts else {}
        made = _agree(workspace, who, ranking, replaces, reason, also)
    click.echo(f"Agreed: {areas_words(len(made.details['agreed']))} in {ranking.release.council_name}.", err=True)
    for line in beside_words(made):
        click.echo(f"With it: {line}.", err=True)
    click.echo(made.id)


def _agree(
    workspace: Workspace, who: Who, ranking: Prioritisation, replaces: str | None, reason: str, also: Mapping[str, Any]
) -> Decision:
    """Record it. UserError: people changed this list in a draft, which nobody sees here."""
    kept = computed(ranking)
    draft = drafts.begin(workspace, who, kept)
    if draft.proposed:
        raise UserError(
            f"People changed this list in a draft ({len(draft.proposed)} changes, last by {draft.updated_by}).",
            not_done=NOT_AGREED,
            remedy="Agree it on the Shortlist page, which shows the changes; or discard the draft there first.",
        )
    return decisions.agree_shortlist(
        workspace, who, draft.id, draft.version, kept, seen=replaces, reason=reason, also=also
    )


def _scenario(
    folder: DataFolder, workspace: Workspace, saved: str | None, framework: str, weights: str | None
) -> Scenario:
    if saved is None:
        return chosen_scenario(load_catalogue(folder.catalogue), framework, weights)
    if weights is not None or framework != DEFAULT_FRAMEWORK:
        raise UserError(
            "A saved scenario and other choices were both given.",
            not_done=NOT_AGREED,
            remedy="Give --id ID, or --framework and --weights.",
        )
    return get(workspace, saved).scenario


def _refuse_unseen(stands: AgreedShortlist | None, replaces: str | None) -> None:
    if stands is None or stands.id == replaces:
        return
    when = day_and_time(stands.decision.at)
    raise UserError(
        f"A shortlist is agreed already: {stands.id}, by {stands.decision.who.described} on {when}.",
        not_done=NOT_AGREED,
        remedy=f"Look at it (`prioritisation decisions show {stands.id}`); to replace it, add --replaces {stands.id}.",
    )


def _patch(path: Path, store: Store, ranking: Prioritisation) -> dict[str, Any]:
    """Return a patch as the record keeps it. UserError: it is none, or not of this ranking."""
    plain = _read(path)
    found = recorded_patch(plain)
    if found is None:
        raise _refused(path, "is not a patch that this version can read")
    if (plain.get("scenario"), plain.get("release")) != (ranking.scenario.id, ranking.release.id):
        raise _refused(path, "is of other choices, or of another data release")
    if not _is_as_now(found, store, ranking):
        raise _refused(path, "is not as the data have it: somebody changed the file")
    return plain


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(LARGEST_PATCH))
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except OSError as fault:
        raise _refused(path, f"cannot be read ({fault.strerror})") from fault
    except (ValueError, RecursionError) as fault:
        raise _refused(path, "is not a patch that this version can read") from fault
    return found if isinstance(found, dict) else {}


def _refused(path: Path, what: str) -> UserError:
    return UserError(f"{path} {what}.", not_done=NOT_AGREED, remedy=HOW_TO_WRITE)


def _is_as_now(found: RecordedPatch, store: Store, ranking: Prioritisation) -> bool:
    """Return whether areas, people and what they hold are those of this release, and the areas touch."""
    ground = ground_of_release(store, ranking.areas)
    place = {code: index for index, code in enumerate(ground.codes)}
    if not set(found.codes) <= set(place) or len(set(found.codes)) != len(found.codes):
        return False
    members = [place[code] for code in found.codes]
    rows = area_rows(ranking, ground, objective_of(store, ranking, found.objective_id).gain, members)
    known = rows.astype(object).where(rows.notna(), None)
    same = [dataclasses.astuple(area) for area in found.areas] == list(known.itertuples(index=False, name=None))
    total = sum(area.people or 0 for area in found.areas)
    return same and found.people == total and is_connected(members, ground.neighbours)


def _cohorts(chosen: Sequence[str], store: Store) -> list[dict[str, str]]:
    """Return cohorts as the record keeps them. UserError: one is not counted in this release."""
    known = open_cube(store, store.folder.catalogue).cohorts if store.cube_facts() else {}
    for each in chosen:
        if each not in known:
            raise UserError(
                f"This release counts no cohort '{each[:60]}'.",
                not_done=NOT_AGREED,
                remedy=f"Name one that it counts: {', '.join(known) or 'there is none'}.",
            )
    return [{"id": each, "name": known[each].name, "sentence": known[each].sentence} for each in dict.fromkeys(chosen)]
