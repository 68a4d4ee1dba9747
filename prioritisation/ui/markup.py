"""HTML in which text can only ever be text: every string is escaped, only `Markup` is taken as it is."""

from __future__ import annotations

import html

import streamlit as st

from prioritisation.ui.browser import source

_VOID = frozenset({"img", "br", "col"})


class Markup(str):
    """HTML that `tag` made."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Return one element. Children and attribute values are escaped; a child that is None is left out.

    An attribute's trailing underscore is dropped and others become dashes: class_, aria_label.
    """
    spelled = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{spelled}>")
    return Markup(f"<{name}{spelled}>{join(*children)}</{name}>")


def join(*children: object) -> Markup:
    """Return children one after the other, each escaped unless it is `Markup` already."""
    present = (child for child in children if child is not None)
    return Markup("".join(child if isinstance(child, Markup) else html.escape(str(child)) for child in present))


def show(*children: object) -> None:
    """Put elements on the page."""
    st.html(join(*children))


def show_style() -> None:
    """Put the page's own style sheet on it."""
    st.html(f"<style>{source('page.css')}</style>")
