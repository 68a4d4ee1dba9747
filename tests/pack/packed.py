"""What tests of packs share: reading a table of one, and looking for words in a file and in what is zipped inside."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pandas as pd

from prioritisation.documents.html import html
from prioritisation.folder import DataFolder
from prioritisation.pack.briefing import briefing
from prioritisation.pack.building import Pack
from prioritisation.pack.content import Content
from prioritisation.patch.best import alternatives, first_answer
from prioritisation.patch.request import Wanted
from prioritisation.patches import ground_of_release, objective_of, patch_record, usual_range
from prioritisation.prioritise import Prioritisation
from prioritisation.store import Store
from prioritisation.workspace import Workspace

NOTE = "Subject to premises, <b>=1+1</b>."  # what the partner that signs the pack's list made a condition


@dataclass(frozen=True)
class Decided:
    """A data folder with people's counts, its workspace, and the id of the agreed shortlist in it."""

    folder: DataFolder
    workspace: Workspace
    shortlist_id: str


def patch_found(store: Store, ranking: Prioritisation) -> dict[str, Any]:
    """The usual patch of a ranking, with an alternative, as a decision records it."""
    ground, objective = ground_of_release(store, ranking.areas), objective_of(store, ranking)
    wanted = Wanted(*usual_range(ranking))
    problem, best = first_answer(ground, objective.gain, wanted)
    others = alternatives(problem, best, 1)
    return patch_record(ranking, ground, problem, objective, wanted, best, alternatives=others)


def read_table(pack: Pack, name: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(pack.files[name]))


def is_told(pack: Pack, name: str, words: str) -> bool:
    """Whether the words are in a file of the pack, or in a part of it when it is a zip itself."""
    content = pack.files[name]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return any(words.encode() in parts.read(part) for part in parts.namelist())
    return words.encode() in content


def words_of(content: Content) -> str:
    """Return the text of the briefing's HTML without its tags."""
    made = html(briefing(content)).decode()
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", made.partition("<body")[2])).split())


def with_wishes(content: Content, **asked: object) -> Content:
    """The same pack of a decision whose patch was asked for like this: include, exclude (codes), locality."""
    assert content.decision is not None
    also = content.decision.decision.details["also"]
    return with_also(content, **also | {"patch": also["patch"] | {"wanted": also["patch"]["wanted"] | asked}})


def with_also(content: Content, **also: object) -> Content:
    """The same pack of a decision with something else agreed beside its list."""
    assert content.decision is not None
    decision = content.decision.decision
    made = replace(decision, snapshot=json.dumps(decision.details | {"also": also}))
    return replace(content, decision=replace(content.decision, decision=made))


def signed_with(content: Content, *notes: str) -> Content:
    """The same pack of a decision, signed by as many organisations as there are notes; an empty one is none."""
    assert content.decision is not None
    (first, *_) = content.decision.sign_offs
    signed = tuple(
        replace(first, record=replace(first.record, organisation=f"Partner {place}", reason=note))
        for place, note in enumerate(notes, start=1)
    )
    return replace(content, decision=replace(content.decision, sign_offs=signed))
