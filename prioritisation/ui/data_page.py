"""What the Data page shows: what is loaded, from where, how old, what is suppressed, missing or not here at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from prioritisation.catalogue import COMMUNITY_KNOWLEDGE, OF_WIDER_AREAS, PARTNER_CONTACTS
from prioritisation.errors import UserError
from prioritisation.store import Release, Store
from prioritisation.ui.colours import palette
from prioritisation.ui.maps.legend import state_style
from prioritisation.ui.markup import Markup, join, show, tag
from prioritisation.ui.page import title
from prioritisation.ui.session import View
from prioritisation.words import NOT_APPLICABLE, STATUS_MEANING, age, day, file_size

_ANY_COUNCIL = "S12000028"


def data(view: View) -> None:
    """Show the page."""
    release = view.store.release
    built = f"Release {release.id} was made on {day(release.built_at)} ({age(release.built_at, datetime.now(UTC))})"
    title("What is loaded?", f"{built}, for {release.council_name}: {len(view.store.areas()):,} areas.")
    values, files, releases, more = st.tabs(
        ["Are values missing?", "Which files?", "Which releases?", "How to import?"]
    )
    with values:
        _values(view)
    with files:
        _files(view.store)
    with releases:
        show(_releases(view.store))
    with more:
        _not_loaded(view)
        _how_to_import(_ANY_COUNCIL if release.demonstration else release.council)
        _contacts(view)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], text_columns: int = 1) -> Markup:
    """Return a plain table; the first columns are text, the others numbers."""
    head = tag(
        "tr",
        *[tag("th", name, scope="col", class_="text" if i < text_columns else None) for i, name in enumerate(heads)],
    )
    body = [
        tag("tr", *[tag("td", cell, class_="text" if i < text_columns else None) for i, cell in enumerate(row)])
        for row in rows
    ]
    whole = tag("table", tag("thead", head), tag("tbody", *body), class_="plain")
    return tag("div", whole, class_="scroll", tabindex=0, role="region", aria_label=f"Table by {heads[0].lower()}")


def _values(view: View) -> None:
    colours = palette()
    meanings = [
        tag("li", tag("i", style=state_style(state, colours), aria_hidden="true"), f"{state}: {STATUS_MEANING[state]}")
        for state in ("zero", "suppressed", "missing")
    ]
    show(tag("div", tag("ul", *meanings, class_="states"), class_="legend"))
    names = view.indicators
    quality = (
        view.store.quality().set_index("indicator_id").sort_index(key=lambda keys: names.loc[keys, "name"].to_numpy())
    )
    rows = [
        (
            join(
                names["name"][str(key)],
                tag("small", f"{row['period']} · {names['publisher'][str(key)]}"),
                _of_wider_areas(str(names["caveat"][str(key)] or "")),
            ),
            *[f"{int(row[state]):,}" for state in ("reported", "zero", "suppressed", "missing")],
        )
        for key, row in quality.iterrows()
    ]
    show(table(["Indicator", "Above zero", "Zero", "Suppressed", "Missing"], rows))


def _of_wider_areas(caveat: str) -> Markup | None:
    """Say where the values of an indicator are not its small areas' own, which is why none seems suppressed."""
    if OF_WIDER_AREAS not in caveat:
        return None
    return tag("small", "shown as its intermediate zone's: too few people in more than a third of small areas")


def _files(store: Store) -> None:
    sources = store.sources()
    rows = []
    for _, row in store.loaded_files().iterrows():
        source = (
            sources.loc[row["source_id"]]
            if isinstance(row["source_id"], str) and row["source_id"] in sources.index
            else None
        )
        state = "used" if row["used"] else f"not used: {row['note']}"
        changed = f"file of {day(row['modified_at'])}, {age(row['modified_at'], datetime.now(UTC))}"
        rows.append(
            (
                join(row["file_name"], tag("small", f"{row['kind']} · {state}")),
                join(source["publisher"], tag("small", source["licence"])) if source is not None else NOT_APPLICABLE,
                changed,
                NOT_APPLICABLE if pd.isna(row["row_count"]) else f"{int(row['row_count']):,}",
                file_size(row["bytes"]),
                str(row["sha256"])[:12],
            )
        )
    show(table(["File", "Publisher and licence", "How old", "Rows", "Size", "SHA-256 begins"], rows, text_columns=3))


def _releases(store: Store) -> Markup:
    rows = [
        (
            join(release.id, tag("small", "the one on screen")) if release.id == store.release.id else release.id,
            release.council_name + (" (demonstration)" if release.demonstration else ""),
            day(release.built_at),
            release.software_version,
        )
        for release in _kept(store)
    ]
    back = tag("p", "To go back to the one before: ", tag("code", "prioritisation rollback"), class_="muted")
    return join(table(["Release", "For", "Made on", "Version"], rows, text_columns=3), back)


def _kept(store: Store) -> Iterator[Release]:
    """Yield the releases that can be gone back to, newest first; one that cannot be opened is left out."""
    for release_id in reversed(store.folder.published().releases):
        if release_id == store.release.id:
            yield store.release
            continue
        try:
            with Store(store.folder, release_id) as other:
                yield other.release
        except UserError:
            continue


def _not_loaded(view: View) -> None:
    store = view.store
    absent: list[str | Markup] = []
    if not store.has_postcodes:
        absent.append("Postcode lookup: not loaded; areas cannot be found by postcode.")
    if store.boundaries is None:
        absent.append("Boundaries: not loaded; there is no map.")
    if not view.localities:
        absent.append("Locality lookup: not loaded; areas have no localities.")
    if not store.has_reference and view.council is None:
        absent.append("The rest of the country: not loaded; profiles have no national value to compare with.")
    unloaded = [each for each in view.catalogue.indicators.values() if each.id not in view.indicators.index]
    from_files = [each for each in unloaded if each.source not in (PARTNER_CONTACTS, COMMUNITY_KNOWLEDGE)]
    absent += [f"{each.name}: no file with it was imported." for each in from_files]
    if any(each.source == PARTNER_CONTACTS for each in unloaded):
        absent.append("Indicators from partners' contacts: no extract with all of them was imported.")
    if all(name not in view.indicators.index for name in view.catalogue.community_indicators):
        command = tag("code", "prioritisation import community")
        absent.append(join("Place Standard scores as indicators: none were published (", command, ")."))
    show(tag("h2", "What is not here"))
    show(
        tag(
            "ul", *[tag("li", line) for line in absent] or [tag("li", "Nothing that this product knows of is missing.")]
        )
    )


def _contacts(view: View) -> None:
    from prioritisation.ui.cohorts.absent import contacts_section  # brings a workbook writer that no first map needs

    contacts_section(view)


def _how_to_import(council: str) -> None:
    show(
        tag("h2", "How to import"),
        tag(
            "p",
            "Put the published files into one folder and run this; each file is recognised by its content. The new "
            "release replaces the one on screen when it is complete, and the one before is kept.",
            class_="reading",
        ),
    )
    st.code(f"prioritisation import open-data FOLDER --council {council}", language=None, wrap_lines=True)
