"""The files of a referral list: for each partner a table of its own keys and a cover in words; and what was asked."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from prioritisation.contract import Contract
from prioritisation.ingest.contacts.choosing import Found
from prioritisation.ingest.contacts.present_keys import PresentKeys
from prioritisation.ingest.contacts.said import people_said
from prioritisation.referrals.asking import Asked
from prioritisation.referrals.order import Listed
from prioritisation.referrals.signed_pack import PackCohort, SignedPack

ABOUT = "about-this-list.txt"
FILLED = ("key", "partners_in_contact", "contacts_in_12_months", "new_since_last_list")
BLANK = ("known_to_us", "lead_worker", "already_supported_by", "agrees_to_contact", "notes")
FEWEST_FOR_A_SHARE = 20
SHARES_IN_STEPS_OF = 5
_WIDTH = 96


@dataclass(frozen=True)
class Lists:
    """Everything that the files are written from. people: in the order of the list; last_made_on: of the last one."""

    asked: Asked
    pack: SignedPack
    cohort: PackCohort
    contract: Contract
    people: Sequence[Listed]
    found: Found
    until: date
    last_made_on: date | None


def partner_files(lists: Lists, present: PresentKeys) -> dict[str, bytes]:
    """Return file name -> content: table and cover of every partner that sent keys, and what was asked for."""
    files = {}
    for partner in sorted(present):
        stem = partner.replace("_", "-")
        files[f"{stem}-referrals.csv"] = _table(partner, lists.people, present[partner])
        files[f"{stem}-cover.txt"] = _text(_cover(partner, lists))
    return files | {ABOUT: _text(_about(lists, sorted(present)))}


def _table(partner: str, people: Sequence[Listed], first_keys: Mapping[tuple[str, bytes], str]) -> bytes:
    """Return one partner's table: only people whom it is in contact with and has sent a key of, by that key."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((*FILLED, *BLANK))
    for each in people:
        person = each.person
        if partner in person.reached_by:
            key = first_keys[person.key_kind, person.second]
            new = "" if each.new_to is None else "yes" if partner in each.new_to else "no"
            writer.writerow((key, len(person.partners), person.contacts, new, *[""] * len(BLANK)))
    return text.getvalue().encode("utf-8")


def _cover(partner: str, lists: Lists) -> list[str]:
    """Return the cover of one partner's table; no number of it is about people of other partners alone."""
    there, sent = lists.found.matched.get(partner, (0, 0))
    own = share_said(there - sent, there)
    name = lists.contract.partners[partner].name
    return [
        f"Referral list for {name}",
        *_what_it_is(lists),
        "Whom it holds",
        f"{_who(lists)} Of these, only people whom your extracts show in contact with you in the 12 months to "
        f"{lists.until:%Y-%m} and whose present key you sent. Other partners get their own people, in a file of "
        "their own.",
        "The order",
        "Most partners in contact first, then most contacts in 12 months; both are shown, and there is no score. "
        "Where people are equal, the order is drawn by lot. It says who may be known to many, not who needs most: "
        "your own knowledge comes first.",
        _new_said(lists, "your"),
        "What could not be matched",
        f"Of the people whom your extracts show in contact with you, {own} had no present key in your file. Of all "
        f"people whom the list is about, {_unmatched(lists)} could be named by no partner that sent keys.",
        "What to do",
        "Look the keys up in your own register, on your own system. Fill in the blank columns: known_to_us, "
        "lead_worker, already_supported_by, agrees_to_contact, notes. Add people whom you know and miss here, below. "
        "Talk to the person before their name goes to anybody else.",
        f"Delete this file, the table and every copy after {lists.asked.expires.isoformat()}.",
    ]


def _about(lists: Lists, partners: Sequence[str]) -> list[str]:
    """Return what was asked for, for whoever made the list; numbers of people as they may be shown."""
    names = ", ".join(lists.contract.partners[each].name for each in partners)
    shares = [
        f"{lists.contract.partners[each].name}: {share_said(there - sent, there)} of its people could not be matched."
        for each, (there, sent) in lists.found.matched.items()
        if each in partners
    ]
    return [
        "Referral list",
        *_what_it_is(lists),
        "Whom it holds",
        f"{_who(lists)} On the list: {people_said(len(lists.people))}; the team can support {lists.asked.capacity:,}. "
        f"Out of {people_said(len(lists.found.people))} whom it is about, {_unmatched(lists)} could be named by no "
        "partner that sent keys.",
        _new_said(lists, "the partner's own"),
        f"Partners that sent keys: {names}.",
        *shares,
        "Send each partner its own two files, by a way that is safe for data about health and crime. This folder "
        f"holds keys of people: delete it when they are sent, on {lists.asked.expires.isoformat()} at the latest.",
    ]


def _what_it_is(lists: Lists) -> list[str]:
    asked, pack = lists.asked, lists.pack
    return [
        *([pack.note + "."] if pack.note else []),
        f"Purpose: {asked.purpose}",
        f"Asked for by: {asked.who.described}",
        f"Made on: {asked.made_on.isoformat()}. Use it until: {asked.expires.isoformat()}.",
        f"From: the shortlist agreed on {pack.agreed_on} (decision {pack.decision_id}), {pack.council_name}; pack "
        f"{pack.digest[:12]}, signed with the key {pack.signed_by}.",
    ]


def _who(lists: Lists) -> str:
    cohort = f"{lists.cohort.name}: {_sentence(lists.cohort.sentence)}"
    if lists.asked.whole_council:
        return f"{cohort} They live anywhere in the council area, or have no fixed abode or a protected address."
    return (
        f"{cohort} They live in one of the {len(lists.pack.areas)} areas of the shortlist. People of no fixed abode or "
        "with a protected address live in no area and are not on it; a list for the whole council has them."
    )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _new_said(lists: Lists, whose: str) -> str:
    if lists.last_made_on is None:
        return "This is the first such list, or the last one has expired: nobody is marked as new."
    return f"New are those who were not on {whose} list of {lists.last_made_on.isoformat()}."


def _unmatched(lists: Lists) -> str:
    people = lists.found.people
    return share_said(sum(not each.reached_by for each in people), len(people))


def share_said(part: int, whole: int) -> str:
    """Return a share in words, coarse enough to be about nobody: "about 15%", or that there are too few to say."""
    if whole < FEWEST_FOR_A_SHARE:
        return "a share that too few people stand behind to state"
    per_cent = SHARES_IN_STEPS_OF * round(100 * part / whole / SHARES_IN_STEPS_OF)
    return f"about {per_cent}%" if per_cent else f"less than {SHARES_IN_STEPS_OF}%"


def _text(paragraphs: Sequence[str]) -> bytes:
    filled = ["\n".join(textwrap.wrap(each, _WIDTH, break_long_words=False)) for each in paragraphs if each]
    return ("\n\n".join(filled) + "\n").encode("utf-8")
