"""What a picture of the map of need says: what it shows, under which choices, and from where."""

from __future__ import annotations

from prioritisation.ui.charts import source_line
from prioritisation.ui.colours import on_paper
from prioritisation.ui.image import About
from prioritisation.ui.maps.legend import legend_keys
from prioritisation.ui.maps.showing import Showing, sentence, unit_line
from prioritisation.ui.session import View
from prioritisation.ui.weight_words import named_weights


def about_map(view: View, shown: Showing, label: str) -> About:
    """Return it for what is shown, with the area and the locality of the address. label: what is spoken."""
    framework = view.scenario.framework
    weighed = [f"Weights: {named_weights(view.scenario)}"] if shown.is_score else []
    outlined = [f"Outlined: {view.areas['name'][view.area]}"] if view.area is not None else []
    ids = f"scenario {view.scenario.id} · release {view.store.release.id}"
    used = framework.indicator_ids if shown.is_score else [shown.id]
    return About(
        file=f"map-{shown.id}-{view.scenario.id}-{view.store.release.id}",
        title=sentence(shown, view.areas, view.locality),
        spoken=label,
        chosen=(f"{view.place} · {shown.name.strip()} · {unit_line(shown)}", *weighed, *outlined),
        keys=legend_keys(shown, on_paper()),
        foot=tuple(source_line(view, used, ids).splitlines()),
    ).dated()
