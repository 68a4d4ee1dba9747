"""The rule cards: one per condition, with only those values that published counts can answer together with the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from prioritisation.cohorts.rule import CohortRule, read_rule
from prioritisation.cohorts.wording import title
from prioritisation.contract import Contract
from prioritisation.disclosure.lattice import CONTACTS_BANDS, PARTNERS_BANDS
from prioritisation.ui.cohorts.choice import put_rule
from prioritisation.ui.cohorts.cube import People, can_answer
from prioritisation.ui.cohorts.words import band_words
from prioritisation.ui.markup import show, tag
from prioritisation.ui.session import put_in_widget
from prioritisation.words import listed

ALL, ANY = "all of them", "any of them"
TWO, THREE = "at least 2 of them", "at least 3 of them"
_AT_LEAST = {TWO: 2, THREE: 3}
_HOWS = {"services": (ALL, ANY), "flags": (ALL, ANY, TWO, THREE), "partners": (ALL, ANY)}
_NOUNS = {
    "age": ("age band", "age bands"),
    "sex": ("sex", "sexes"),
    "services": ("service", "services"),
    "flags": ("need", "needs"),
    "partners": ("partner", "partners"),
    "contacts_band": ("band of contacts", "bands of contacts"),
    "partners_at_least": ("number of partners", "numbers of partners"),
}
_ALSO = "card-also-uncounted"
_MOST_NAMED = 6


@dataclass(frozen=True)
class Cards:
    """What the cards hold; *_how: whether all of the values are asked for, any, or some number of them."""

    age: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    services_how: str = ALL
    flags: tuple[str, ...] = ()
    flags_how: str = ALL
    partners: tuple[str, ...] = ()
    partners_how: str = ALL
    partners_at_least: int = 0
    contacts_band: tuple[str, ...] = ()

    def rule(self, contract: Contract) -> CohortRule:
        """Return the rule that the cards ask for, in its one form."""
        record: dict[str, object] = {name: list(getattr(self, name)) for name in ("age", "sex", "contacts_band")}
        for on in _HOWS:
            values, how = list(getattr(self, on)), getattr(self, f"{on}_how")
            if how in _AT_LEAST and len(values) > _AT_LEAST[how]:
                record |= {"flags_at_least": _AT_LEAST[how], "flags_of": values}
            else:
                record[f"{on}_{'any' if how == ANY else 'all'}"] = values
        record["partners_at_least"] = self.partners_at_least
        rule, _ = read_rule({name: given for name, given in record.items() if given}, contract)
        return rule


def cards_of(rule: CohortRule, contract: Contract) -> Cards | None:
    """Return the cards that say a rule; None when cards cannot say it."""
    cards = Cards(rule.age, rule.sex, partners_at_least=rule.partners_at_least, contacts_band=rule.contacts_band)
    for on in _HOWS:
        some, every = getattr(rule, f"{on}_any"), getattr(rule, f"{on}_all")
        cards = replace(cards, **{on: some or every, f"{on}_how": ANY if some else ALL})
    if rule.flags_of:
        hows = {number: how for how, number in _AT_LEAST.items()}
        cards = replace(cards, flags=rule.flags_of, flags_how=hows.get(rule.flags_at_least, ALL))
    return cards if cards.rule(contract) == rule else None


def show_cards(people: People, rule: CohortRule) -> None:
    """Show the cards with a rule in them; what is changed becomes the rule on screen."""
    contract = people.cube.contract
    cards = cards_of(rule, contract)
    if cards is None:
        told = (
            "These conditions were put together elsewhere; the cards cannot show them. They are counted all the same."
        )
        show(tag("p", told, class_="notice"))
        return
    offered = _Offered(people, _with_kept_hows(cards), rule)
    left, right = st.columns(2, gap="small")
    with left:
        offered.card("age", "Age", contract.age_bands, lambda band: band_words(band, "or over"))
    with right:
        offered.card("sex", "Sex", contract.sexes, str.capitalize)
    for on, label in (("services", "Services in contact"), ("flags", "Needs"), ("partners", "Partners in contact")):
        offered.card(on, label, _known(people, on), _namer(people, on))
    left, right = st.columns(2, gap="small")
    with left:
        offered.number_card()
    with right:
        offered.card("contacts_band", "Contacts in 12 months", CONTACTS_BANDS, lambda band: band_words(band, "or more"))
    offered.foot()


def _with_kept_hows(cards: Cards) -> Cards:
    """Return the cards with the last choice of all or any where one value alone does not say it."""
    held = {on: st.session_state.get(_key(f"{on}_how")) for on in _HOWS if len(getattr(cards, on)) == 1}
    return replace(cards, **{f"{on}_how": how for on, how in held.items() if how in (ALL, ANY)})


class _Offered:
    """The cards of one run: which values can be added to those that are in them."""

    def __init__(self, people: People, cards: Cards, rule: CohortRule) -> None:
        self._people, self._cards, self._rule = people, cards, rule
        self._geography = people.where[0]
        self._also = bool(st.session_state.get(_ALSO))
        self._left_out: dict[str, int] = {}

    def card(self, name: str, label: str, values: Sequence[str], spelled: Callable[[str], str]) -> None:
        given = getattr(self._cards, name)
        possible = self._possible(name, values, lambda value: _put(self._cards, name, (*given, value)))
        if name in _HOWS and given:
            box, beside = st.columns([8, 5], gap="small", vertical_alignment="bottom")
            with beside:
                self._how(name, label, len(given))
        else:
            box = st.container()
        usual = [value for value in values if value in possible or value in given]
        others = [value for value in values if self._also and value not in usual]
        put_in_widget(_key(name), [value for value in values if value in given])
        with box:
            st.multiselect(
                label,
                [*usual, *others],
                key=_key(name),
                format_func=spelled,  # the browser answers with the label: it must not change with what is chosen
                placeholder="Any",
                on_change=self._changed,
            )
        self._tell([spelled(value) for value in others], len(possible))

    def _tell(self, others: Sequence[str], possible: int) -> None:
        """Name the values at the end of a list that published counts cannot answer together with the conditions."""
        if others and possible:
            told = f"Not available with these conditions, last in the list: {listed(others, most=_MOST_NAMED)}."
            show(tag("p", told, class_="muted"))
        elif others:
            show(tag("p", "Nothing more in the list is available with these conditions.", class_="muted"))

    def _how(self, name: str, label: str, chosen: int) -> None:
        """Show the choice whether all of the chosen values are asked for."""
        key = _key(f"{name}_how")
        put_in_widget(key, getattr(self._cards, f"{name}_how"))
        st.selectbox(
            f"{label}: all or any",
            _HOWS[name][: max(2, chosen)],
            key=key,
            label_visibility="collapsed",
            on_change=self._changed,
        )

    def number_card(self) -> None:
        name, given = "partners_at_least", self._cards.partners_at_least
        most = min(len(PARTNERS_BANDS), len(self._people.cube.present.get("partner", ())))
        values = [str(number) for number in range(2, most + 1)]
        possible = self._possible(name, values, lambda value: replace(self._cards, partners_at_least=int(value)))
        usual = [value for value in values if value in possible or int(value) == given]
        others = [value for value in values if self._also and value not in usual]
        offered = [0, *map(int, (*usual, *others))]
        put_in_widget(_key(name), given if given in offered else 0)
        st.selectbox(
            "Number of partners",
            offered,
            key=_key(name),
            format_func=_number_words,
            on_change=self._changed,
        )
        self._tell([_number_words(int(value)) for value in others], len(possible))

    def foot(self) -> None:
        """Say what is not offered and why, with the switch that offers it all the same."""
        kinds = [f"{count:,} {_NOUNS[name][count > 1]}" for name, count in self._left_out.items() if count]
        if kinds and not self._also:
            why = "not available together with these conditions, because people were not counted so."
            show(tag("p", f"{listed(kinds, most=len(kinds))}: {why}", class_="muted"))
        if kinds or self._also:
            st.toggle("Offer the rest too, to be counted later", key=_ALSO)

    def _possible(self, name: str, values: Sequence[str], put: Callable[[str], Cards]) -> set[str]:
        """Return the values that can be added and still be answered."""
        given = getattr(self._cards, name)
        open_values = [value for value in values if not isinstance(given, tuple) or value not in given]
        contract = self._people.cube.contract
        rules = tuple(put(value).rule(contract) for value in open_values)
        answers = can_answer(self._people, rules, self._geography)
        possible = {value for value, yes in zip(open_values, answers, strict=True) if yes}
        self._left_out[name] = len(open_values) - len(possible)
        return possible

    def _changed(self) -> None:
        put_rule(_cards_on_screen(self._cards).rule(self._people.cube.contract))


def _cards_on_screen(before: Cards) -> Cards:
    """Return what the cards hold now."""
    held: dict[str, Any] = {}
    for field in fields(before):
        given = st.session_state.get(_key(field.name), getattr(before, field.name))
        held[field.name] = tuple(given) if isinstance(given, list) else given
    return replace(before, **held)


def _known(people: People, on: str) -> tuple[str, ...]:
    """Return the services, needs or partners that were counted, in the contract's order."""
    dimension = on.removesuffix("s")
    present = set(people.cube.present.get(dimension, ()))
    return tuple(each for each in getattr(people.cube.contract, on) if each in present)


def _namer(people: People, on: str) -> Callable[[str], str]:
    contract = people.cube.contract
    return lambda each: title(on, each, contract)


def _number_words(number: int) -> str:
    return f"{number} or more" if number else "Any"


def _put(cards: Cards, name: str, given: object) -> Cards:
    return replace(cards, **{name: given})  # type: ignore[arg-type]


def _key(name: str) -> str:
    return f"card-{name}"
