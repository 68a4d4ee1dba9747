"""How sure it is that no patch is better: the proof runs in a child process while people look at the patch."""

from __future__ import annotations

import math

import streamlit as st

from prioritisation.patch.child import CANCELLED, FAILED, PROVEN, RUNNING, Proving
from prioritisation.patch.sentences import proof_sentence
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly
from prioritisation.ui.patch.found import Found, proofs

LOOK_EVERY = "1s"


def show_proof(found: Found) -> None:
    """Show the line about the proof; while it runs, the line keeps itself up to date."""
    proving = proofs().follow(found.problem, found.first)
    if proving is None or proving.state == RUNNING:
        _running(found)
    else:
        plainly(lambda: _ended(found, proving))


def proof_told(found: Found) -> str:
    """Return how sure it is now that no patch is better, for files."""
    proving = proofs().known(found.problem.fingerprint)
    if proving is None:
        return "Found by search; nobody has tried to prove that no patch is better."
    return proof_sentence(proving.progress, proving.state)


@st.fragment(run_every=LOOK_EVERY)
def _running(found: Found) -> None:
    proving = proofs().follow(found.problem, found.first)
    if proving is None:
        show(tag("p", "A good patch. The proof waits until another one on this server has ended.", class_="muted"))
        return
    better = proving.progress.best
    if proving.state != RUNNING or (better is not None and better.gain > found.best.gain):
        st.rerun()
    line, stop = st.columns([9, 2], vertical_alignment="center")
    with line:
        show(tag("p", _so_far(proving), class_="muted patch-proof", role="status"))
    with stop:
        st.button("Stop the proof", key="patch-stop", on_click=proving.cancel, width="stretch")


def _so_far(proving: Proving) -> str:
    progress = proving.progress
    if not math.isfinite(progress.gap):
        return "A good patch, found by search. Now proving that none is better."
    seconds = f"{proving.seconds:.0f} seconds"
    settled = f"{progress.settled:,} of {progress.starts:,} starting areas settled, {seconds}"
    how_far = settled if progress.starts > 1 else seconds
    return f"A good patch, found by search. {proof_sentence(progress, RUNNING)} ({how_far})"


def _ended(found: Found, proving: Proving) -> None:
    if proving.state == PROVEN:
        told = f"{proof_sentence(proving.progress, PROVEN)} It took {max(proving.seconds, 0.1):.1f} seconds."
        show(tag("p", told, class_="muted patch-proof", role="status"))
        return
    line, again = st.columns([9, 2], vertical_alignment="center")
    with line:
        why = {CANCELLED: "You stopped the proof. ", FAILED: "The proof broke off. "}.get(proving.state, "")
        show(tag("p", why + proof_sentence(proving.progress, proving.state), class_="muted patch-proof", role="status"))
    with again:
        st.button("Prove it again", key="patch-again", on_click=proofs().again, args=(found.problem,), width="stretch")
