"""The legend of a map: words at both ends, class ranges in the unit shown, and the states that occur."""

from __future__ import annotations

from prioritisation.ui.colours import Palette
from prioritisation.ui.image import Key
from prioritisation.ui.maps.showing import LegendEntry, Showing, legend
from prioritisation.ui.markup import Markup, join, tag


def legend_markup(shown: Showing, colours: Palette) -> Markup:
    """Return the legend; each entry says how many areas look so when pointed at."""
    entries = legend(shown)
    classes = [entry for entry in entries if isinstance(entry.look, int)]
    states = [entry for entry in entries if isinstance(entry.look, str)]
    ramp = [
        tag(
            "li",
            _swatch(f"background:{colours.ramp[int(entry.look) - 1]}"),
            tag("span", entry.text),
            title=_count(entry),
        )
        for entry in classes
    ]
    return tag(
        "div",
        tag("span", "least need", class_="end") if classes else None,
        tag("ol", *ramp, class_="ramp") if classes else None,
        tag("span", "greatest need", class_="end") if classes else None,
        tag("ul", *[_state(entry, colours) for entry in states], class_="states") if states else None,
        class_="legend",
        role="group",
        aria_label="Legend: darker is greater need",
    )


def legend_keys(shown: Showing, colours: Palette) -> tuple[Key, ...]:
    """Return the same legend for a picture."""
    return tuple(
        Key("class", entry.text, colours.ramp[entry.look - 1])
        if isinstance(entry.look, int)
        else Key(entry.look, f"{entry.text} ({entry.count:,})", *colours.states[entry.look])
        for entry in legend(shown)
    )


def _state(entry: LegendEntry, colours: Palette) -> Markup:
    return tag("li", _swatch(state_style(str(entry.look), colours)), join(entry.text, f" ({entry.count:,})"))


def state_style(state: str, colours: Palette) -> str:
    """Return the CSS of a state's swatch, like its look on the map."""
    ground, mark, border = colours.states[state]
    fills = {
        "zero": f"background:{ground}",
        "suppressed": f"background:repeating-linear-gradient(45deg,{mark} 0 2px,{ground} 2px 6px)",
        "missing": f"background:radial-gradient({mark} 1.2px,{ground} 1.4px) 0 0/5px 5px",
    }
    line = "dashed" if state == "missing" else "solid"
    return f"{fills[state]};border:1px {line} {border}"


def _swatch(style: str) -> Markup:
    return tag("i", style=style, aria_hidden="true")


def _count(entry: LegendEntry) -> str:
    return f"{entry.count:,} area{'' if entry.count == 1 else 's'}"
