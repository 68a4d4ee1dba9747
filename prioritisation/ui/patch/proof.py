"""How sure it is that no patch is better: the proof runs in a child process while people look at the patch."""

from __future__ import annotations

import math

import streamlit as st

from prioritisation.patch.child import CANCELLED, FAILED, PROVEN, RUNNING, Proving
from prioritisation.patch.problem import Patch
from prioritisation.patch.sentences import not_best_sentence, proof_sentence
from prioritisation.ui.markup import show, tag
from prioritisation.ui.page import plainly
from prioritisation.ui.patch.found import Found, proofs

LOOK_EVERY = "1s"


def show_proof(found: Found, patch: Patch) -> None:
    """Show whether the patch on screen is proven best; while the proof runs, the line keeps itself up to date."""
    proving = proofs().follow(found.problem, found.first)
    if proving is None or proving.state == RUNNING:
        _running(found, patch)
    else:
        plainly(lambda: _ended(found, patch, proving))


def proof_told(found: Found, patch: Patch) -> str:
    """Return how sure it is now that no patch is better than this one, for files."""
    proving = proofs().known(found.problem.fingerprint)
    if proving is not None:
        return _told(found, patch, proving)
    if _is_best(found, patch):
        return "Found by search; nobody has tried to prove that no patch is better."
    return not_best_sentence(found.problem, found.best, patch, None)


def _is_best(found: Found, patch: Patch) -> bool:
    return patch.members == found.best.members


def _told(found: Found, patch: Patch, proving: Proving) -> str:
    if _is_best(found, patch):
        return proof_sentence(proving.progress, proving.state)
    return not_best_sentence(found.problem, found.best, patch, proving.progress, proving.state)


@st.fragment(run_every=LOOK_EVERY)
def _running(found: Found, patch: Patch) -> None:
    proving = proofs().follow(found.problem, found.first)
    if proving is None:
        what = "A good patch." if _is_best(found, patch) else not_best_sentence(found.problem, found.best, patch, None)
        show(tag("p", f"{what} The proof waits until another one on this server has ended.", class_="muted"))
        return
    better = proving.progress.best
    if proving.state != RUNNING or (better is not None and better.gain > found.best.gain):
        st.rerun()
    line, stop = st.columns([9, 2], vertical_alignment="center")
    with line:
        show(tag("p", _so_far(found, patch, proving), class_="muted patch-proof", role="status"))
    with stop:
        st.button("Stop the proof", key="patch-stop", on_click=proving.cancel, width="stretch")


def _so_far(found: Found, patch: Patch, proving: Proving) -> str:
    progress = proving.progress
    lead = "A good patch, found by search. " if _is_best(found, patch) else ""
    if lead and not math.isfinite(progress.gap):
        return f"{lead}Now proving that none is better."
    seconds = f"{proving.seconds:.0f} seconds"
    settled = f"{progress.settled:,} of {progress.starts:,} starting areas settled, {seconds}"
    how_far = settled if progress.starts > 1 else seconds
    return f"{lead}{_told(found, patch, proving)} ({how_far})"


def _ended(found: Found, patch: Patch, proving: Proving) -> None:
    if proving.state == PROVEN:
        took = f" It took {max(proving.seconds, 0.1):.1f} seconds." if _is_best(found, patch) else ""
        show(tag("p", _told(found, patch, proving) + took, class_="muted patch-proof", role="status"))
        return
    line, again = st.columns([9, 2], vertical_alignment="center")
    with line:
        why = {CANCELLED: "You stopped the proof. ", FAILED: "The proof broke off. "}.get(proving.state, "")
        show(tag("p", why + _told(found, patch, proving), class_="muted patch-proof", role="status"))
    with again:
        st.button("Prove it again", key="patch-again", on_click=proofs().again, args=(found.problem,), width="stretch")
