"""How sure the list is: every test of it as a sentence that a chair can read out."""

from __future__ import annotations

from prioritisation.findings import findings
from prioritisation.ui.markup import show, tag
from prioritisation.ui.navigation import page_link
from prioritisation.ui.robustness.how_sure import how_sure
from prioritisation.ui.shortlist.reach import NO_RELEASE
from prioritisation.ui.shortlist.shown import DRAFT, Shown

OF_THE_COMPUTED = "These are tests of the computed list. What people changed by hand rests on their reasons."


def sureness(shown: Shown) -> None:
    """Show the tab. UserError: an indicator is not loaded."""
    view = shown.view
    if view is None:
        show(tag("p", NO_RELEASE, class_="notice", role="status"))
        return
    first, *rest = findings(how_sure(view))
    show(tag("p", first.sentence, class_="sentence", role="status"))
    if shown.changed:
        show(tag("p", OF_THE_COMPUTED, class_="muted"))
    told = [tag("div", tag("dt", each.question), tag("dd", each.sentence)) for each in rest]
    show(tag("dl", *told, class_="tests"))
    if shown.stage == DRAFT or view.store.release.id == view.store.folder.published().current:
        page_link("Robustness", "Charts and tables on Robustness", view.scenario.to_link(view.catalogue))
