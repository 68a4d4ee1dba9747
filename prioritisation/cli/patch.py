"""The command that finds the best connected neighbourhood for one team."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
import pandas as pd

from prioritisation.catalogue import load_catalogue
from prioritisation.cli.ask import chosen_scenario
from prioritisation.cli.frame import example, main, progress, with_data, with_framework, with_weights
from prioritisation.cli.patch_frame import Place, opened, people_range, say, with_out, write
from prioritisation.patch.best import ALTERNATIVES, alternatives, first_answer
from prioritisation.patch.child import RUNNING, Proving
from prioritisation.patch.fares import robust, under_weights
from prioritisation.patch.problem import Patch, Problem
from prioritisation.patch.proof import Progress
from prioritisation.patch.request import Wanted
from prioritisation.patch.sentences import alternative_sentence, proof_sentence, robust_sentences, under_sentence
from prioritisation.patches import NEED, area_rows, objective_of, patch_record, usual_range
from prioritisation.prioritise import prioritise

SECONDS = 120.0
LOOK_EVERY_SECONDS = 0.5


@main.command(
    epilog=example(
        "prioritisation patch\nprioritisation patch --people 6000-8000 --locality Troon --alternatives 3\n"
        "prioritisation patch --by indicator.income_rate --include DEMO00012 --how-sure --out patch.json"
    )
)
@with_framework
@with_weights
@click.option("--by", default=NEED, show_default=True, metavar="ID", help="need, indicator.ID or cohort.ID.")
@click.option("--people", metavar="LOW-HIGH", help="Population of the patch (default: the framework's).")
@click.option("--include", multiple=True, metavar="CODE", help="An area that must be in; may be repeated.")
@click.option("--exclude", multiple=True, metavar="CODE", help="An area that must not be in; may be repeated.")
@click.option("--locality", metavar="NAME", help="Stay within this locality.")
@click.option("--alternatives", "others", type=click.IntRange(0, ALTERNATIVES), default=0, help="How many to add.")
@click.option("--prove/--no-prove", default=True, help="Prove that no patch is better (default).")
@click.option("--seconds", type=click.FloatRange(1), default=SECONDS, show_default=True, help="For the proof, at most.")
@click.option("--how-sure", is_flag=True, help="Say how the patch fares under other reasonable weights.")
@click.option("--also", multiple=True, metavar="WEIGHTS", help="Say how it fares under these; may be repeated.")
@with_out
@with_data
def patch(
    framework: str,
    weights: str | None,
    by: str,
    people: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    locality: str | None,
    others: int,
    prove: bool,
    seconds: float,
    how_sure: bool,
    also: tuple[str, ...],
    out: Path | None,
    data_folder: str | None,
) -> None:
    """Find the connected patch, of a population in a range, that holds the most need: id, name, people, rank, score."""
    with opened(framework, weights, data_folder) as place:
        low, high = people_range(people) if people else usual_range(place.ranking)
        wanted = Wanted(low, high, include, exclude, locality)
        objective = objective_of(place.store, place.ranking, by)
        problem, found = first_answer(place.ground, objective.gain, wanted)
        proof, state = _proven(problem, found, seconds) if prove else (None, "")
        found = proof.best if proof and proof.best else found
        other = alternatives(problem, found, others) if others else []
        record = patch_record(place.ranking, place.ground, problem, objective, wanted, found, proof, state, other)
        record["sentences"] += [
            f"Alternative {number}: {alternative_sentence(problem, found, each)}"
            for number, each in enumerate(other, start=1)
        ]
        record["sentences"] += _fares(place, problem, found, other, how_sure)
        record["sentences"] += _also(place, problem, found, also)
        rows = [area_rows(place.ranking, place.ground, objective.gain, each.members) for each in (found, *other)]
    say(record["sentences"])
    table = pd.concat([each.assign(patch=number) for number, each in enumerate(rows, start=1)], ignore_index=True)
    write(table if other else table.drop(columns="patch"), record, out)


def _proven(problem: Problem, found: Patch, seconds: float) -> tuple[Progress, str]:
    """Wait for a proof and show how far it is; a person who interrupts it keeps what was found."""
    proving, last = Proving(problem, found, seconds), ""
    try:
        while proving.state == RUNNING:
            proving.wait(LOOK_EVERY_SECONDS)
            line = proof_sentence(proving.progress, proving.state)
            if line != last and np.isfinite(proving.progress.bound) and proving.state == RUNNING:
                progress(line)
                last = line
    except KeyboardInterrupt:
        proving.cancel()
        proving.wait()
    return proving.progress, proving.state


def _fares(place: Place, problem: Problem, found: Patch, others: Sequence[Patch], how_sure: bool) -> list[str]:
    if not how_sure:
        return []
    scores, aggregate = place.ranking.scores, place.ranking.scenario.framework.aggregate
    return robust_sentences(
        place.ground, found, robust(problem, found, others, scores.priority_scores, scores.weights, aggregate)
    )


def _also(place: Place, problem: Problem, found: Patch, also: Sequence[str]) -> Iterator[str]:
    for weights in also:
        catalogue = load_catalogue(place.store.folder.catalogue)
        scenario = chosen_scenario(catalogue, place.ranking.scenario.framework.id, weights)
        scores = prioritise(place.store, scenario).scores.score
        yield under_sentence(weights, under_weights(problem, found, scores))
