"""One shortlist as the page shows it: a ranking, what people changed, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from prioritisation.errors import UserError
from prioritisation.scenario import Scenario
from prioritisation.shortlist import computed
from prioritisation.ui.scenarios.saved_link import on_release
from prioritisation.ui.session import View
from prioritisation.workspace.agreed import Agreed, AgreedShortlist, SignOff, override_of
from prioritisation.workspace.drafts import Draft
from prioritisation.workspace.overrides import AS_COMPUTED, AgreedList, Override, RankedArea, apply_overrides
from prioritisation.workspace.records import Who
from prioritisation.workspace.scenarios import SavedScenario

DRAFT, AGREED, SIGNED, ENDED = "draft", "agreed", "signed off", "no longer in force"
FIRST_VERSION = 1
LIST, DECISION = "list", "decision"  # what the address calls a list, and a decision's own link
STANDING, NOW = "agreed", "now"


@dataclass(frozen=True, eq=False)
class Shown:
    """A list on the page.

    areas: the whole ranking; made: the list after the changes; changes: each with who made it, in order;
    view: over the list's own release, None where that is no longer kept; name: of the saved scenario, where there is
    one; draft: None before anybody changed anything; state: None before it is agreed; standing: what is agreed now;
    until: id of the record whose moment is shown, None for now; read_only: opened by a decision's own link.
    """

    scenario: Scenario
    release_id: str
    areas: tuple[RankedArea, ...]
    made: AgreedList
    changes: tuple[tuple[Override, Who], ...]
    view: View | None
    standing: Agreed
    name: str = ""
    saved_id: str | None = None
    draft: Draft | None = None
    state: AgreedShortlist | None = None
    until: str | None = None
    read_only: bool = False

    @property
    def stage(self) -> str:
        """How far it has come."""
        if self.state is None:
            return DRAFT
        if self.state.superseded_by is not None:
            return ENDED
        return SIGNED if self.signed else AGREED

    @property
    def signed(self) -> tuple[SignOff, ...]:
        """Sign-offs of this very list."""
        return tuple(each for each in self.state.sign_offs if each.of_this_list) if self.state else ()

    @property
    def signed_earlier(self) -> tuple[SignOff, ...]:
        """Sign-offs that came before the list was last changed."""
        return tuple(each for each in self.state.sign_offs if not each.of_this_list) if self.state else ()

    @property
    def changed(self) -> int:
        """How many areas people added, dropped or moved."""
        return sum(row.mark != AS_COMPUTED for row in self.made.rows) + len(self.made.dropped)

    @property
    def version(self) -> int:
        """Of the draft; the first where none is begun."""
        return self.draft.version if self.draft else FIRST_VERSION

    @property
    def key(self) -> str:
        """Name of what is worked on: the decision, or the ranking that a draft is of."""
        return self.state.id if self.state else f"{self.scenario.id}/{self.release_id}"

    @property
    def seen(self) -> str:
        """Name of what somebody has in front of them: another one when anybody changed the list."""
        if self.state is not None:
            return self.made.id
        stands = self.standing.shortlist.id if self.standing.shortlist else ""
        return f"{self.version} {stands}"

    @property
    def names(self) -> dict[str, str]:
        return {area.code: area.name for area in self.areas}


def drafted(view: View, standing: Agreed, draft: Draft | None, saved: SavedScenario | None) -> Shown:
    """Return a draft, or the ranking of the view that nobody has changed yet. UserError: it cannot be ranked.

    saved: the scenario with the same choices on the same release, where one is saved.
    """
    areas = computed(view.ranking).areas
    changes = draft.proposed if draft else ()
    made = apply_overrides(areas, view.scenario.framework.cut, [each for each, _ in changes])
    name, saved_id = (saved.name, saved.id) if saved else ("", None)
    release_id = view.store.release.id
    return Shown(view.scenario, release_id, areas, made, changes, view, standing, name, saved_id, draft)


def decided(
    view: View, standing: Agreed, state: AgreedShortlist, until: str | None = None, read_only: bool = False
) -> Shown:
    """Return an agreed list, over the release that it was agreed on as far as that is kept."""
    decision = state.decision
    scenario = Scenario.from_json(decision.details["choices"])
    return Shown(
        scenario,
        decision.release_id,
        state.areas,
        state.agreed,
        tuple((override_of(each), each.who) for each in state.overrides),
        _view_of(view, scenario, decision.release_id, state.areas),
        standing,
        state=state,
        until=until,
        read_only=read_only,
    )


def _view_of(view: View, scenario: Scenario, release_id: str, areas: tuple[RankedArea, ...]) -> View | None:
    try:
        found = replace(on_release(view, release_id), scenario=scenario)
    except UserError:
        return None
    every = found.store.areas()
    if len(areas) == len(every) or areas[0].code not in every.index:
        return found
    council = str(every.loc[areas[0].code, "council_code"])
    return replace(found, council=council, areas=every[every["council_code"] == council])
