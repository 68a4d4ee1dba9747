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
from prioritisation.ui.markup import Markup, join, show, tag
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
_IMPORT = "prioritisation import contacts --check FILES", "prioritisation import contacts FILES"
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
    show(
        tag(
            "p",
            "What partners send back is imported on the secure side. The first command only checks: it tells every "
            "fault, what would be replaced and what would be covered, and writes nothing. The second counts, protects, "
            "attacks and publishes, or changes nothing.",
            class_="reading",
        )
    )
    st.code("\n".join(_IMPORT), language=None, wrap_lines=True)


def _facts(view: View, facts: dict[str, str]) -> Iterator[tuple[str, str | Markup | None]]:
    """Yield what can be said about the counts: never more than the release says itself."""
    contract = current_contract(view.store.folder)
    policy = load_policy(view.store.folder.catalogue)
    known = facts.get("known_people", "")
    yield "Counted", window_words(facts)
    yield "Partners", "; ".join(_partner_months(facts, contract))
    yield "People known", f"about {int(known):,}" if known.isdigit() else ""
    yield (
        "Every count",
        f"rounded to {policy.round_to_nearest}, {HIDDEN} under {policy.suppress_counts_under} people. Held: it keeps "
        f"its last published value while fewer than {policy.hold_changes_under} people have come or gone, so that no "
        "newcomer shows. More under Method, “How are people protected?”",
    )
    yield "Attacked", _attacked(facts, invented=view.store.release.demonstration)
    yield "People kept until", _kept_until(facts)
    yield "Made with", ", ".join(f"{name} {facts[key]}" for key, name in _IDS.items() if key in facts)


def _attacked(facts: dict[str, str], *, invented: bool) -> Markup:
    """Say whether somebody who knows the whole method was tried against these counts, and what came of it."""
    if "audited_at" not in facts:
        again = (
            join(
                "Only invented people may be. To have them repaired and attacked: ",
                tag("code", "prioritisation demonstration --people"),
                " without --quick",
            )
            if invented
            else join("To have them repaired and attacked, import the extracts again: ", tag("code", _IMPORT[1]))
        )
        return join(
            "No. As --quick does, these counts were published without trying whether what is "
            f"{HIDDEN} can be worked out. ",
            again,
            ". To attack them as they are: ",
            tag("code", "prioritisation audit-disclosure"),
        )
    audit = json.loads(facts.get("audit", "{}"))
    results = [
        tag("li", f"{name}: {', '.join(each['results'])} (wanted: {each['target']})")
        for name, each in audit.get("attacks", {}).items()
    ]
    return join(
        f"On {day(facts['audited_at'])}, before they were published, by a programme that knows the whole method and "
        f"tries to work out what is {HIDDEN}: {'passed' if audit.get('passed') else 'not passed'}. "
        "Controls are weak counts, made for it, that it must break to show that it works.",
        tag("ul", *results) if results else None,
    )


def _kept_until(facts: dict[str, str]) -> Markup | None:
    """Return when people are removed on the secure side; None where the release does not know."""
    days = [day(each) for each in facts.get("retain_until", "").split(";") if each]
    if not days:
        return None
    last = f", the last of them {days[-1]}" if len(days) > 1 else ""
    return join(
        f"{days[0]}{last}. Then ",
        tag("code", "prioritisation purge"),
        " removes them on the secure side; published counts stay",
    )


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
