"""Make a referral list: the pack checked, people looked up and ranked, each partner's own keys written; or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from prioritisation.cohorts.rule import CohortRule
from prioritisation.contract import Contract, load_contract
from prioritisation.folder import DataFolder
from prioritisation.ingest import publish
from prioritisation.ingest.contacts.areas import areas_of
from prioritisation.ingest.contacts.choosing import Found, Known, Wanted, choose_people
from prioritisation.ingest.contacts.importing import people_in_use
from prioritisation.ingest.contacts.keying import AppKey
from prioritisation.ingest.contacts.last_lists import LastList, code_on_list, last_list, remember
from prioritisation.ingest.contacts.people import StoredExtract, open_people, read_extracts
from prioritisation.ingest.contacts.present_keys import Expected, PresentKeys, read_present_keys
from prioritisation.ingest.contacts.restricted import RestrictedFolder
from prioritisation.referrals.asking import Asked, checked
from prioritisation.referrals.files import Lists, partner_files
from prioritisation.referrals.order import Listed, who_fits
from prioritisation.referrals.out_folder import chosen_folder, put_in_place, written_aside
from prioritisation.referrals.refusing import refusal
from prioritisation.referrals.signed_pack import PackCohort, SignedPack, cohort_of
from prioritisation.store import open_store
from prioritisation.workspace import Workspace, audit

MADE = "referral list made"


@dataclass(frozen=True)
class SecureSide:
    """Where a list is made: the data folder, the restricted store, its key, and the workspace with the audit log."""

    data: DataFolder
    restricted: RestrictedFolder
    key: AppKey
    workspace: Workspace


@dataclass(frozen=True)
class _Place:
    """The areas of the release in use and the last month that it counts."""

    areas: pd.DataFrame
    council: str
    until: date
    contract: Contract


def make_lists(
    asked: Asked, pack: SignedPack, partner_keys: Sequence[Path], out: Path, side: SecureSide
) -> dict[str, bytes]:
    """Write one file per partner with its own keys, and covers, into the new folder `out`; return them.

    The audit log gets what was asked for, never a key. UserError: with what is wrong; then nothing was written.
    """
    with publish.one_import(side.data):
        asked, cohort = checked(asked, pack), cohort_of(pack, asked.cohort)
        folder = chosen_folder(out, side.data, side.restricted)
        place = _place(side.data)
        _refuse_elsewhere(pack, place)
        people = people_in_use(side.data, side.restricted, side.key)
        if people is None:
            raise refusal(
                "The release in use counts no people.", "Import the partners' extracts first, or name the right folder."
            )
        extracts = read_extracts(people)
        _refuse_past_retention(extracts, asked.made_on)
        expected = Expected(place.contract, _key_ids(extracts), asked.made_on)
        present = read_present_keys(partner_keys, expected, side.key)
        found = _find(people, asked, pack, cohort, present, place)
        lists = _ranked(asked, pack, cohort, found, place, side)
        files = partner_files(lists, present)
        _hand_over(files, folder, lists, side)
    return files


def _find(
    people: Path, asked: Asked, pack: SignedPack, cohort: PackCohort, present: PresentKeys, place: _Place
) -> Found:
    wanted = Wanted(CohortRule.from_record(cohort.rule, place.contract), None if asked.whole_council else pack.areas)
    sent = {partner: list(keys) for partner, keys in present.items()}
    with open_people(people, read_only=True) as store:
        store.execute("SET temp_directory = ''")
        return choose_people(
            store,
            wanted,
            sent,
            contract=place.contract,
            areas=place.areas,
            council=place.council,
            until=place.until,
        )


def _ranked(asked: Asked, pack: SignedPack, cohort: PackCohort, found: Found, place: _Place, side: SecureSide) -> Lists:
    last = last_list(side.restricted, asked.name, side.key, asked.made_on)
    people = [
        Listed(each, _new_to(each, asked, last, side) if last else None)
        for each in who_fits(found.people, asked.capacity, pack.decision_id, side.key)
    ]
    made_on = last.made_on if last else None
    return Lists(asked, pack, cohort, place.contract, people, found, place.until, made_on)


def _new_to(person: Known, asked: Asked, last: LastList, side: SecureSide) -> frozenset[str]:
    return frozenset(each for each, code in _codes(person, asked, side).items() if code not in last.people)


def _codes(person: Known, asked: Asked, side: SecureSide) -> dict[str, str]:
    """Return the code of a person on the list of each partner that has them on its own."""
    own = sorted(person.reached_by)
    return {each: code_on_list(person.second, person.key_kind, asked.name, each, side.key) for each in own}


def _hand_over(files: dict[str, bytes], folder: Path, lists: Lists, side: SecureSide) -> None:
    """Log the list, give its folder its name and remember who is on it: all of it, or the folder is gone again."""
    asked = lists.asked
    codes = [code for each in lists.people for code in _codes(each.person, asked, side).values()]
    with written_aside(folder, files) as aside:
        _log(lists, side.workspace)
        put_in_place(aside, folder)
        try:
            remember(side.restricted, asked.name, codes, asked.made_on, asked.expires, side.key)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _log(lists: Lists, workspace: Workspace) -> None:
    asked, pack = lists.asked, lists.pack
    audit.record(
        workspace,
        MADE,
        by=asked.who.described,
        about=pack.decision_id,
        parameters={
            "purpose": asked.purpose,
            "cohort": asked.cohort,
            "people_of": asked.where,
            "capacity": asked.capacity,
            "expires": asked.expires.isoformat(),
            "pack": pack.digest,
            "signed_by": pack.signed_by,
        },
    )


def _place(data: DataFolder) -> _Place:
    with open_store(data) as store:
        contract = load_contract(data.catalogue)
        facts = store.cube_facts()
        areas = areas_of(store.areas(), store.population(), contract)
        council = store.release.council
    if "window_to" not in facts:
        raise refusal("The release in use counts no people.", "Import the partners' extracts first.")
    year, month = facts["window_to"].split("-")
    return _Place(areas, council, date(int(year), int(month), 1), contract)


def _refuse_elsewhere(pack: SignedPack, place: _Place) -> None:
    """Refuse a pack about other areas than those that people are counted in here."""
    if pack.council != place.council or not set(pack.areas) <= set(place.areas["area_code"]):
        raise refusal(
            "The pack is about other areas than the data here.",
            "Use the data folder of the place that the pack is about, or the pack of a newer decision.",
        )


def _refuse_past_retention(extracts: Sequence[StoredExtract], today: date) -> None:
    if any(each.retain_until < today for each in extracts):
        raise refusal(
            "The restricted store holds people past their retention date.",
            "Run `prioritisation purge`, then ask again.",
        )


def _key_ids(extracts: Sequence[StoredExtract]) -> dict[str, frozenset[str]]:
    partners = {each.partner for each in extracts}
    return {name: frozenset(each.key_id for each in extracts if each.partner == name) for name in partners}
