"""A scenario: all choices behind one ranking, frozen, with a link that reopens exactly it and an id for its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from prioritisation.catalogue import Catalogue
from prioritisation.errors import Fault, UserError
from prioritisation.framework import AGGREGATES, METHODS, Framework, Normalisation
from prioritisation.framework_record import framework_from_record
from prioritisation.weights import canonical_percentages, shares

ID_LENGTH = 10
RECORD_FORMAT = 1
LONGEST_RECORD = 1_000_000
_LINK_KEYS = ("framework", "weights", "aggregate", "normalise", "cut")


@dataclass(frozen=True)
class Scenario:
    """The frozen choices. It knows nothing of the values: the same choices on new data are another result.

    percentages: the weights, one for each priority in order, in per cent to four decimals, as the link shows them.
    framework: the framework with this scenario's method and cut put in; its own weights remain the starting point.
    """

    framework: Framework
    percentages: tuple[float, ...]

    @classmethod
    def starting(cls, framework: Framework) -> Scenario:
        """Return the scenario that a framework begins with: its own weights and method."""
        return cls(framework, canonical_percentages(framework.weights))

    @property
    def weights(self) -> tuple[float, ...]:
        """Shares of 1, in the order of the priorities."""
        return tuple(float(share) for share in shares(self.percentages, self.framework.priority_ids))

    @property
    def id(self) -> str:
        """A short name made from every choice: equal choices have equal ids, on any machine."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]

    def with_weights(self, weights: Sequence[object] | Mapping[str, object]) -> Scenario:
        """Return this scenario under other weights (any positive scale). UserError: weights that cannot be used."""
        checked = shares(weights, self.framework.priority_ids)
        return replace(self, percentages=canonical_percentages(checked.tolist()))

    def with_cut(self, cut: int) -> Scenario:
        """Return this scenario with another number of areas on the shortlist."""
        return replace(self, framework=replace(self.framework, cut=cut))

    def to_json(self) -> str:
        """Return every choice as text that `from_json` reads back exactly; the same choices give the same text."""
        return json.dumps({"format": RECORD_FORMAT} | asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Read what `to_json` wrote, wherever it came from. UserError: newer format, damaged, or not a scenario."""
        record = _record(text)
        found = record.get("format")
        if isinstance(found, int) and found > RECORD_FORMAT:
            raise _unreadable("was saved by a newer version of this application", "Install the newer version here.")
        framework, faults = framework_from_record(record.get("framework"))
        given = record.get("percentages")
        if found != RECORD_FORMAT:
            faults.append(Fault("format", "is not one that this application writes."))
        if framework is not None:
            faults += _weight_faults(given, framework)
        if framework is None or faults:
            raise _unreadable("is damaged or was altered", "Use the link or the pack it came with.", faults)
        return cls(framework, tuple(float(value) for value in given))  # type: ignore[union-attr]

    def to_link(self, catalogue: Catalogue) -> dict[str, str]:
        """Return the query parameters that reopen this scenario; what the framework says already is left out."""
        own = catalogue.frameworks.get(self.framework.id, self.framework)
        link = {"framework": self.framework.id}
        if self.percentages != canonical_percentages(own.weights):
            link["weights"] = ",".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in self.percentages)
        if self.framework.aggregate != own.aggregate:
            link["aggregate"] = self.framework.aggregate
        if self.framework.normalise != own.normalise:
            link["normalise"] = self.framework.normalise.method
        if self.framework.cut != own.cut:
            link["cut"] = str(self.framework.cut)
        return link


def _record(text: str) -> Mapping[str, Any]:
    """Parse a saved scenario; NaN, infinity and anything overlong or over-deep are refused like any other damage."""
    try:
        if len(text) > LONGEST_RECORD:
            raise ValueError("overlong")
        record = json.loads(text, parse_constant=lambda name: float("no " + name))
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise _unreadable("is damaged or was altered", "Use the link or the pack it came with.")
    return record


def _weight_faults(given: object, framework: Framework) -> list[Fault]:
    numbers = isinstance(given, list) and all(isinstance(value, (int, float)) for value in given)
    try:
        shares(given if numbers else [], framework.priority_ids)  # type: ignore[arg-type]
    except UserError as refused:
        return list(refused.faults)
    return []


def _unreadable(found: str, remedy: str, faults: Sequence[Fault] = ()) -> UserError:
    return UserError(f"This saved scenario {found}.", not_done="It was not opened.", remedy=remedy, faults=faults)


def from_link(link: Mapping[str, str], catalogue: Catalogue) -> tuple[Scenario, list[Fault]]:
    """Read a scenario from query parameters. What cannot be read is left at the framework's choice and reported."""
    faults: list[Fault] = []
    named = {key: link[key] for key in _LINK_KEYS if link.get(key)}
    framework = next(iter(catalogue.frameworks.values()))
    if "framework" in named:
        if named["framework"] in catalogue.frameworks:
            framework = catalogue.frameworks[named["framework"]]
        else:
            remedy = f"The link should name one of: {', '.join(catalogue.frameworks)}."
            faults.append(Fault("framework", "the link names a framework that is not here.", remedy))
            named.pop("weights", None)
    framework = _with_method(framework, named, faults)
    scenario = Scenario.starting(framework)
    if "weights" in named:
        try:
            return scenario.with_weights([float(part) for part in named["weights"].split(",")]), faults
        except (ValueError, UserError):
            remedy = f"The link should give {len(framework.priorities)} numbers with commas between, not all 0."
            faults.append(Fault("weights", "the link's weights cannot be used.", remedy))
    return scenario, faults


def _with_method(framework: Framework, named: Mapping[str, str], faults: list[Fault]) -> Framework:
    """Return the framework with the link's method and cut, as far as they can be used."""
    aggregate, method = named.get("aggregate", framework.aggregate), named.get("normalise")
    if aggregate not in AGGREGATES:
        remedy = f"The link should say one of: {', '.join(AGGREGATES)}."
        faults.append(Fault("aggregate", "the link's way of combining is not known.", remedy))
        aggregate = framework.aggregate
    normalise = framework.normalise
    if method is not None and method != normalise.method:
        if method in METHODS:
            normalise = Normalisation(method)
        else:
            remedy = f"The link should say one of: {', '.join(METHODS)}."
            faults.append(Fault("normalise", "the link's way of normalising is not known.", remedy))
    if aggregate == "geometric" and normalise.method == "z-score":
        faults.append(Fault("aggregate", "a geometric mean cannot be taken of z-scores.", "Choose one of the two."))
        aggregate = "arithmetic"
    cut = named.get("cut", str(framework.cut))
    if not cut.isascii() or not cut.isdigit() or not 1 <= int(cut[:9]) <= 100_000:
        faults.append(Fault("cut", "the link's shortlist length cannot be used.", "It should be a whole number."))
        cut = str(framework.cut)
    return replace(framework, aggregate=aggregate, normalise=normalise, cut=int(cut))
