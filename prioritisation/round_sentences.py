"""How the weights were agreed, told in plain sentences from the decision record of a round of votes. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from prioritisation.scenario import Scenario
from prioritisation.words import listed, weights_words
from prioritisation.workspace.records import ROUND_APPLIED, Decision


def round_behind(every: Sequence[Decision], scenario: Scenario) -> Decision | None:
    """Return the latest record of a round that gave these weights of this framework, None where none did.

    every: records, in the order they were written. Method and cut may have been chosen otherwise since.
    """
    framework = scenario.framework
    weights = dict(zip(framework.priority_ids, scenario.percentages, strict=True))
    same = [each for each in every if each.kind == ROUND_APPLIED and each.framework_id == framework.id]
    return next((each for each in reversed(same) if json.loads(each.weights) == weights), None)


def applied_sentence(record: Decision) -> str:
    """Return the timeline's sentence: which round, how many votes, what it gave."""
    told = record.details["round"]
    return f"The round of votes “{told['name']}” was applied: {votes_words(told)}. {_given(record)}."


def how_agreed(record: Decision) -> list[str]:
    """Return how the weights came about, as sentences for people who were not in the room."""
    told: Mapping[str, Any] = record.details["round"]
    names = [each["name"] for each in told["organisations"]]
    opened = datetime.fromisoformat(told["opened_at"])
    said = [
        f"The weights come from the round of votes “{told['name']}”, opened on {opened.day} {opened:%B %Y}: "
        f"{votes_words(told)} ({listed(names, len(names))}). Nobody saw another's vote before all were revealed."
    ]
    if told["first_round"]:
        said.append("It was a second round: the votes of the first were shown before it.")
    return [*said, f"{_given(record)}.", told["agreement"], *_widest(record, told)]


def votes_words(told: Mapping[str, Any]) -> str:
    """Return "11 votes of 14 expected, 2 of them on paper, from 6 organisations"."""
    votes, organisations, paper = told["votes"], len(told["organisations"]), told["on_paper"]
    counted = f"{votes} vote{'' if votes == 1 else 's'} of {told['expected']} expected"
    on_paper = f", {paper} of them on paper" if paper else ""
    return f"{counted}{on_paper}, from {organisations} organisation{'' if organisations == 1 else 's'}"


def _given(record: Decision) -> str:
    """Return what was applied, and the median where that is something else."""
    applied: dict[str, float] = json.loads(record.weights)
    median: dict[str, float] = record.details["round"]["median"]
    if applied == median:
        return f"The median of the votes was applied as it stood: {_weights(record, median)}"
    return f"The median of the votes was {_weights(record, median)}; applied were {_weights(record, applied)}"


def _widest(record: Decision, told: Mapping[str, Any]) -> list[str]:
    name, apart = next(iter(told["differ_by"].items()))
    if told["votes"] < 2 or apart == 0:
        return []
    return [f"Votes lay furthest apart on {_names(record).get(name, name)}: by {apart:.0f} points on average."]


def _weights(record: Decision, weights: Mapping[str, float]) -> str:
    return weights_words(weights, _names(record))


def _names(record: Decision) -> dict[str, str]:
    return {each["id"]: each["name"] for each in record.details["priorities"]}
