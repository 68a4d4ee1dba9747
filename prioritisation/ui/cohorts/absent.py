"""What partners are given, and what the page says while no partner has sent anything."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

import streamlit as st

from prioritisation.contract import Contract
from prioritisation.contract_files import TOOL, files
from prioritisation.disclosure.policy import load_policy
from prioritisation.errors import UserError
from prioritisation.ui.cohorts.cube import current_contract, facts_of
from prioritisation.ui.cohorts.words import HIDDEN, window_words
from prioritisation.ui.markup import join, show, tag
from prioritisation.ui.page import refusal_markup
from prioritisation.ui.session import View
from prioritisation.words import day

_FILES = {
    "README.txt": "how to fill in and hand over an extract, step by step",
    "template.xlsx": "the empty template with lists of allowed values",
    "template.csv": "the same as CSV: the header line alone",
    "table-schema.json": "the same for software: columns, kinds and allowed values",
    TOOL: "the tool that replaces identifiers by keys at the partner, one Python file without installation",
}
_IDS = {"policy_hash": "rules", "lattice_hash": "breakdowns", "contract_version": "contract"}


def absent(view: View) -> None:
    """Say that no cohort can be counted, what to do, and offer what partners need."""
    missing = UserError(
        "This release has no contacts from partners.",
        not_done="No cohort was counted: there is nobody to count.",
        remedy="Give each partner the files below, and import what they send back with "
        "`prioritisation import contacts FILES`. This page then shows protected counts, never people.",
    )
    show(refusal_markup(missing))
    partner_files(view)


def partner_files(view: View) -> None:
    """Show what a partner is given, as one download."""
    contract = current_contract(view.store.folder)
    st.download_button(
        "What a partner needs (ZIP)",
        data=lambda: _zip(files(contract)),
        file_name=f"partner-files-{contract.version}.zip",
        mime="application/zip",
        on_click="ignore",
        key="partner-files",
    )
    listed = [tag("li", tag("strong", name), f": {meaning}") for name, meaning in _FILES.items()]
    show(tag("ul", *listed, class_="reading"))


def contacts_section(view: View) -> None:
    """Show what is known of partners' contacts in this release, and what partners are given."""
    show(tag("h2", "Contacts from partners"))
    facts = facts_of(view)
    if facts:
        show(tag("dl", *[join(tag("dt", name), tag("dd", said)) for name, said in _facts(view, facts) if said]))
    else:
        show(tag("p", "This release has none. Each partner needs the files below to send its own.", class_="reading"))
    partner_files(view)


def _facts(view: View, facts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what can be said about the counts: never more than the release says itself."""
    contract = current_contract(view.store.folder)
    policy = load_policy(view.store.folder.catalogue)
    known, audited = facts.get("known_people", ""), facts.get("audited_at", "")
    yield "Counted", window_words(facts)
    yield "Partners", "; ".join(_partner_months(facts, contract))
    yield "People known", f"about {int(known):,}" if known.isdigit() else ""
    rules = f"rounded to {policy.round_to_nearest}, {HIDDEN} under {policy.suppress_counts_under}"
    yield "Every count", f"{rules}, held while fewer than {policy.hold_changes_under} people have come or gone"
    yield "Attacked by the audit", f"{day(audited)}: {facts.get('audit', '')}" if audited else "not yet"
    yield "Made with", ", ".join(f"{name} {facts[key]}" for key, name in _IDS.items() if key in facts)


def _partner_months(facts: dict[str, str], contract: Contract) -> Iterator[str]:
    months = json.loads(facts.get("partner_months", "{}"))
    for partner in contract.partners.values():
        if partner.id in months:
            yield f"{partner.name} ({' to '.join(months[partner.id])})"


def _zip(contents: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return held.getvalue()
