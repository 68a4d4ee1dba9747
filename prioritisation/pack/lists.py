"""The tables of a pack: the ranked list with what was agreed, the values it was ranked by, and where areas lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from prioritisation.pack.content import Content
from prioritisation.pack.tables import ranked_list
from prioritisation.scoring import terms
from prioritisation.workspace.overrides import Override

DROPPED = "dropped"
IN_PATCH, JUST_OUTSIDE, ASKED_OUT = "in the patch", "just outside", "just outside, asked not to be in"
SCORE, LOGARITHM, VALUE, STATUS = "score_", "log_", "value_", "status_"
_STAMPED = ("scenario", "release", "note")
LOOKED_UP = (
    "name",
    "intermediate_zone_code",
    "intermediate_zone",
    "ward",
    "locality",
    "urban_rural",
    "council_code",
    "council",
    "vintage",
    "population",
)


class Column(NamedTuple):
    """A column of a file: its name, its type as Data Package tables say it, and what it means."""

    name: str
    type: str
    meaning: str


def shortlist_table(content: Content) -> pd.DataFrame:
    """Return every area by rank, as `ranked_list`, with the agreed list and how sure each place is beside it.

    Columns added: computed_list (yes or no), agreed_position, agreed_mark, reason, review_on, patch (yes or no, empty
    where none was agreed), stability, stability_probability, flip, decision.
    """
    table = ranked_list(content.ranking)
    on_list = table["rank"].le(content.scenario.framework.cut).fillna(False)
    table.insert(4, "computed_list", on_list.map({True: "yes", False: "no"}))
    words = ["agreed_mark", "reason", "review_on"]
    agreed = pd.DataFrame(_agreed(content), columns=["id", "agreed_position", *words])
    agreed = agreed.astype({"id": "str", "agreed_position": "Int64"} | dict.fromkeys(words, "str"))
    table = table.merge(agreed, on="id", how="left").merge(content.sureness, on="id", how="left")
    table[words] = table[words].fillna("")
    table.insert(list(table.columns).index("review_on") + 1, "patch", _in_patch(content, table["id"]))
    return table.assign(decision=content.decision.id if content.decision else "", state=content.state)


def _in_patch(content: Content, codes: pd.Series) -> pd.Series:
    """Return yes or no for each area, or nothing at all where no patch was agreed."""
    if content.patch is None:
        return codes.map(lambda _: "")
    return codes.isin(content.patch.codes).map({True: "yes", False: "no"})


def patch_table(content: Content) -> pd.DataFrame:
    """Return the areas of the patch that was agreed, then those just outside: where, id, name, locality, ...

    people, rank, score, holds (of what the patch was chosen to hold; empty outside it), agreed_position, decision.
    None agreed: no rows.
    """
    found, list_ = content.patch, shortlist_table(content).set_index("id")
    inside = {area.code: area.holds for area in found.areas} if found else {}
    outside = [code for code in found.outside if code in list_.index] if found else []
    kept = [code for code in inside if code in list_.index]
    rows = list_.reindex([*kept, *outside])
    asked_out = found.asked_out if found else ()
    where = [IN_PATCH] * len(kept) + [ASKED_OUT if code in asked_out else JUST_OUTSIDE for code in outside]
    described = rows[["name", "locality", "population", "rank", "score"]].rename(columns={"population": "people"})
    made = described.assign(where=where, holds=pd.Series(inside, dtype="float64"))
    made = made.assign(agreed_position=rows["agreed_position"], decision=rows["decision"]).reset_index(names="id")
    return made[["where", *(name for name in made.columns if name != "where")]]


def values_table(content: Content) -> pd.DataFrame:
    """Return areas by code: id, score_PRIORITY, log_PRIORITY (geometric mean only), value_ and status_INDICATOR.

    And scenario, release, note.
    """
    scores, framework = content.ranking.scores, content.scenario.framework
    columns: dict[str, object] = {"id": list(scores.unit_ids)}
    logarithms = terms(scores.priority_scores, framework.aggregate)
    for place, name in enumerate(scores.priority_ids):
        columns[f"{SCORE}{name}"] = scores.priority_scores[:, place]
    if framework.aggregate == "geometric":
        columns |= {f"{LOGARITHM}{name}": logarithms[:, place] for place, name in enumerate(scores.priority_ids)}
    by_indicator = content.observations.set_index(["indicator_id", "area_code"])
    for name in content.indicators.index:
        own = by_indicator.xs(name).reindex(list(scores.unit_ids))
        columns[f"{VALUE}{name}"] = own["value"].to_numpy(dtype=float)
        columns[f"{STATUS}{name}"] = own["status"].fillna("missing").to_numpy()
    stamp = content.ranking.stamp()
    return pd.DataFrame(columns).assign(**{name: stamp[name] for name in _STAMPED})


def lookup_table(content: Content) -> pd.DataFrame:
    """Return areas by code with the zones and places that each lies in."""
    return content.ranking.areas[list(LOOKED_UP)].rename_axis("id").reset_index()


def shortlist_columns(content: Content) -> list[Column]:
    """Return the meaning of the columns of `shortlist_table`, in order."""
    known = {each.name: each for each in _SHORTLIST}
    known |= {
        each.id: Column(each.id, "number", f"Score (0-100) on the priority '{each.name}'; higher is greater need")
        for each in content.scenario.framework.priorities
    }
    return [known[str(name)] for name in shortlist_table(content).columns]


def values_columns(content: Content) -> list[Column]:
    """Return the meaning of the columns of `values_table`, in order."""
    priorities = content.scenario.framework.priorities
    found = [_ID]
    found += [
        Column(f"{SCORE}{each.id}", "number", f"Score (0-100) on '{each.name}', unrounded") for each in priorities
    ]
    if content.scenario.framework.aggregate == "geometric":
        words = "Natural logarithm of that score, floored at 1: what the weights multiply, on"
        found += [Column(f"{LOGARITHM}{each.id}", "number", f"{words} '{each.name}'") for each in priorities]
    for name, row in content.indicators.iterrows():
        found.append(Column(f"{VALUE}{name}", "number", f"{row['name']} ({row['unit']}); empty: see its status"))
        found.append(Column(f"{STATUS}{name}", "string", f"{row['name']}: reported, zero, suppressed or missing"))
    known = {each.name: each for each in _SHORTLIST}
    return [*found, *(known[name] for name in _STAMPED)]


def cohort_columns() -> list[Column]:
    """Return the meaning of the columns of cohorts.csv, in order."""
    return list(_COHORTS)


def _agreed(content: Content) -> Iterator[tuple[str, int | None, str, str, str]]:
    """Yield what people decided on each area: code, position, mark, reasons and review dates."""
    if content.decision is None:
        return
    for row in content.decision.agreed.rows:
        yield row.area.code, row.position, row.words, *_why(row.overrides)
    for gone in content.decision.agreed.dropped:
        yield gone.area.code, None, DROPPED, *_why(gone.overrides)


def _why(overrides: tuple[Override, ...]) -> tuple[str, str]:
    days = [each.review_on.isoformat() for each in overrides]
    return " / ".join(each.reason for each in overrides), " / ".join(days)


_ID = Column("id", "string", "Code of the area (data zone)")
_LOOKUP = {
    "name": Column("name", "string", "Name of the area"),
    "intermediate_zone_code": Column("intermediate_zone_code", "string", "Code of its intermediate zone"),
    "intermediate_zone": Column("intermediate_zone", "string", "Name of its intermediate zone"),
    "ward": Column("ward", "string", "Electoral ward"),
    "locality": Column("locality", "string", "Locality that it belongs to"),
    "urban_rural": Column("urban_rural", "string", "Scottish Government sixfold urban-rural class"),
    "council_code": Column("council_code", "string", "Code of the council area"),
    "council": Column("council", "string", "Council area"),
    "vintage": Column("vintage", "integer", "Year of the data zone boundaries"),
    "population": Column("population", "integer", "Residents, newest estimate"),
}
_SHORTLIST = (
    _ID,
    *_LOOKUP.values(),
    Column("rank", "integer", "1 is the greatest need; tied areas share the smallest rank; empty: not scored"),
    Column("score", "number", "0-100, higher is greater need; empty: not scored"),
    Column("computed_list", "string", "Whether the arithmetic alone puts it on the shortlist: yes or no"),
    Column("coverage", "number", "Share (0-1) of the weight that rests on values"),
    Column("status", "string", "scored, or not scored: a priority that counts has too few values"),
    Column("agreed_position", "integer", "Place on the list that was agreed; empty: not on it"),
    Column("agreed_mark", "string", "as computed, added, moved or dropped; empty: not on either list, or no decision"),
    Column("reason", "string", "Why people changed the computed list here"),
    Column("review_on", "string", "Day by which that change is looked at again"),
    Column("patch", "string", "Whether it is in the patch agreed with the list: yes or no; empty: no patch was agreed"),
    Column("stability", "string", "How often it stays on the computed list when weights vary by a quarter, in words"),
    Column("stability_probability", "number", "The same as a share (0-1) of weightings"),
    Column("flip", "string", "The nearest change of one weight that would take it on or off the computed list"),
    Column("scenario", "string", "Id of the choices: framework, weights, method, cut"),
    Column("release", "string", "Id of the data release"),
    Column("framework", "string", "Name of the framework"),
    Column("framework_status", "string", "agreed, or placeholder until the partnership has named its priorities"),
    Column("note", "string", "Demonstration data, where it is"),
    Column("decision", "string", "Id of the decision; empty: a scenario, not a decision"),
    Column("state", "string", "Whether the list is agreed"),
)
_COHORTS = (
    Column("cohort", "string", "Id of the group of people"),
    Column("cohort_name", "string", "Name of the group"),
    Column("sentence", "string", "Who is in it, in words"),
    Column("rule", "string", "The same as conditions (JSON): what a referral list is made from"),
    Column("geography", "string", "council or locality"),
    Column("area", "string", "Code or name of the place"),
    Column("area_name", "string", "Name of the place"),
    Column("low", "integer", "Fewest people that the published count allows"),
    Column("people", "integer", "Published count, rounded; empty: suppressed or no single number"),
    Column("high", "integer", "Most people that the published count allows"),
    Column("status", "string", "published, suppressed (not simply nobody), partly suppressed or not available"),
    Column("note", "string", "Demonstration data, where it is"),
)
