"""What a picture of Weigh's map says of itself; the browser adds the weights and the legend of what it shows."""

from __future__ import annotations

from typing import Any

from prioritisation.ui.charts import source_line
from prioritisation.ui.image import About
from prioritisation.ui.session import View


def about_map(view: View) -> dict[str, Any]:
    """Return it as the browser takes it."""
    framework, release = view.scenario.framework, view.store.release
    ids = f"scenario {view.scenario.id} · release {release.id}"
    placeholder = " (placeholder priorities)" if framework.status == "placeholder" else ""
    return (
        About(
            file=f"weigh-{view.scenario.id}-{release.id}",
            chosen=(f"{view.place} · {framework.name}{placeholder} · overall score from 0 to 100",),
            foot=tuple(source_line(view, framework.indicator_ids, ids).splitlines()),
        )
        .dated()
        .argument
    )
