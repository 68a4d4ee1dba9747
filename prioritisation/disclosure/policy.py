"""The disclosure policy: the thresholds under which counts of people may leave the restricted store."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from prioritisation.errors import Fault, UserError

POLICY_FILE = "disclosure.toml"
_AT_MOST = frozenset({"top_two_share_at_most"})  # tighter is smaller; of all other rules tighter is larger


@dataclass(frozen=True)
class Policy:
    """The thresholds; each carries its edge in its name. The defaults are the loosest that are allowed.

    Counts are of people, except `round_contacts_to_nearest`; `top_two_share_at_most` is a share of 1.
    """

    suppress_counts_under: int = 10
    round_to_nearest: int = 5
    hold_changes_under: int = 10
    suppress_denominators_under: int = 20
    top_two_share_at_most: float = 0.5
    round_contacts_to_nearest: int = 50

    @property
    def hash(self) -> str:
        """Twelve hex digits of the thresholds, kept with every cube."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def suppressed(self) -> tuple[int, int]:
        """The fewest and the most people that a suppressed count may stand for, as far as readers may know."""
        return 0, self.suppress_counts_under - 1

    def interval(self, people: int) -> tuple[int, int]:
        """Return the fewest and the most people that a published count may stand for."""
        below = self.round_to_nearest // 2
        return people - below, people + (self.round_to_nearest - 1 - below)


DEFAULT = Policy()


def load_policy(folder: Path) -> Policy:
    """Read disclosure.toml of a catalogue folder. UserError: a rule is absent, unknown, no number or too loose."""
    path = folder / POLICY_FILE
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UserError(
            f"The disclosure rules, {path}, cannot be read ({type(fault).__name__}).",
            not_done="No count of people was made or published.",
            remedy="Put the file that comes with the product back in its place.",
        ) from fault
    return policy_of(given)


def policy_of(given: Mapping[str, object]) -> Policy:
    """Return the policy that a record states. UserError: every rule that is absent, unknown, no number or too loose."""
    faults = [*_names(given), *_values(given)] or list(_together(given))
    if faults:
        raise UserError(
            f"The disclosure rules ({POLICY_FILE}) cannot be used.",
            not_done="No count of people was made or published.",
            remedy="Put these right; the values that come with the product are the loosest that are allowed.",
            faults=faults,
        )
    return Policy(**given)  # type: ignore[arg-type]


def _names(given: Mapping[str, object]) -> Iterator[Fault]:
    known = {field.name for field in fields(Policy)}
    for name in sorted(known - given.keys()):
        yield Fault(name, "the rule is absent.", f"Write {name} = {getattr(DEFAULT, name)}.")
    for name in sorted(given.keys() - known):
        yield Fault(name, "there is no such rule.", "Take it out.")


def _values(given: Mapping[str, object]) -> Iterator[Fault]:
    for field in fields(Policy):
        value, loosest = given.get(field.name), getattr(DEFAULT, field.name)
        if field.name not in given:
            continue
        if field.name in _AT_MOST:
            right_kind = isinstance(value, float | int) and not isinstance(value, bool)
            looser = right_kind and not 0 < value <= loosest  # type: ignore[operator]
            remedy = f"Write a share above 0, at most {loosest}."
        else:
            right_kind = isinstance(value, int) and not isinstance(value, bool)
            looser = right_kind and value < loosest
            remedy = f"Write a whole number, at least {loosest}."
        if not right_kind:
            yield Fault(field.name, "it is not such a number.", remedy)
        elif looser:
            yield Fault(field.name, "it is looser than is allowed.", remedy)


def _together(given: Mapping[str, object]) -> Iterator[Fault]:
    threshold = int(given["suppress_counts_under"])  # type: ignore[call-overload]
    if int(given["round_to_nearest"]) > threshold:  # type: ignore[call-overload]
        remedy = "Write suppress_counts_under at most: no published count may be rounded to zero."
        yield Fault("round_to_nearest", "it is more than suppress_counts_under.", remedy)
    if int(given["suppress_denominators_under"]) < 2 * threshold:  # type: ignore[call-overload]
        remedy = f"Write {2 * threshold} or more."
        yield Fault("suppress_denominators_under", "it is less than twice suppress_counts_under.", remedy)
