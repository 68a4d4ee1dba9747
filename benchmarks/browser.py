"""What a person waits for: the first map after a start, and the new state after a key press on a weight."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import LIMIT, Figure, import_peer
from benchmarks.serving import CHROMIUM, chromium, demonstration, serving

PRESSES = 30
FIRST_MAP_SECONDS, FIRST_START_SECONDS = 5.0, 25.0
DRAG_MS = {153: 35.0, 1000: 80.0}  # at most, p95; the same for the exact result below
RELEASE_MS = {153: 250.0, 1000: 350.0}
# A message sent from a frame arrives when that frame has been painted: looks then, frame after frame.
PAINTED = """(changed) => new Promise((done) => {
  const painted = new MessageChannel();
  const next = () => requestAnimationFrame(() => painted.port2.postMessage(""));
  painted.port1.onmessage = () => (changed() ? done(performance.now()) : next());
  next();
})"""
OURS = "() => window.__view.dataset.drawn"
SETTLED = "() => window.__view.dataset.settled"
# The plain page shows the new state when plotly's map, which may be a new one, has come to rest with the new scores.
PLAIN = """() => {
  const chart = document.querySelector(".js-plotly-plot");
  const map = chart?._fullLayout?.map?._subplot?.map;
  if (map && map !== window.__map) {
    window.__map = map;
    const note = () => { window.__drawn = chart._fullData[0].z[0]; };
    map.on("idle", note);
    if (window.__drawn === undefined && map.loaded()) note();
  }
  return window.__drawn;
}"""
IDLE = """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
  && (!window.__view || window.__view.dataset.pending === "false")"""
MANY_SHAPES = "path[d] >> nth=100"


def figures() -> Iterator[Figure]:
    """Yield cold starts and the latency of a weight, ours and the plain way, in one browser; then at 1,000 areas."""
    if import_peer("playwright") is None or not Path(CHROMIUM).exists():
        yield Figure("browser", None, "ms", note="needs Playwright (.[bench]) and Debian's chromium")
        return
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        environment = {"PRIORITISATION_DATA": folder}
        yield _start("very first start to first map", browser, environment, FIRST_START_SECONDS)
        yield _start("start to first map, store present", browser, environment, FIRST_MAP_SECONDS)
        yield from _moves(browser, environment, "153 areas", DRAG_MS[153], RELEASE_MS[153])
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        demonstration(folder, 1000)
        yield from _moves(browser, {"PRIORITISATION_DATA": folder}, "1,000 areas", DRAG_MS[1000], RELEASE_MS[1000])


def _start(name: str, browser: Any, environment: dict[str, str], limit: float) -> Figure:
    began = time.perf_counter()
    with serving("app.py", environment) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.locator(MANY_SHAPES).wait_for(timeout=60_000)
        page.evaluate(f"({PAINTED})(() => true)")
        seconds = time.perf_counter() - began
        page.close()
    return Figure(name, seconds, "s", LIMIT, limit)


def _moves(browser: Any, environment: dict[str, str], what: str, drag: float, release: float) -> Iterator[Figure]:
    """Yield the waits of our page, beside their limits and beside the plain way's on the same data."""
    with serving("app.py", environment) as address:
        page, slider = open_weigh(browser, address)
        ours = [press(page, slider, OURS) for _ in range(PRESSES)]
        answered = [press(page, slider, SETTLED) for _ in range(PRESSES)]
        page.close()
    plain = _plain_presses(browser, environment)
    yield Figure(f"key press to screen, {what}, p95", _p95(ours), "ms", LIMIT, drag)
    yield Figure(f"key press to exact result, {what}, p95", _p95(answered), "ms", LIMIT, release)
    peer = "whole-script rerun"
    yield Figure(f"key press to screen, {what}, median", statistics.median(ours), "ms", peer, statistics.median(plain))
    yield Figure(f"key press to screen, {what}, p95", _p95(ours), "ms", peer, _p95(plain))
    yield Figure(f"key press to exact result, {what}, p95", _p95(answered), "ms", peer, _p95(plain))


def open_weigh(browser: Any, address: str) -> tuple[Any, Any]:
    """Open the Weigh page; return it with its first slider, once the first exact result and both maps are there."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{address}/Weigh")
    page.locator('.weigh[data-state="ready"][data-settled]').wait_for(timeout=60_000)
    page.locator(".panel[data-twins]").wait_for(timeout=60_000)  # hexagons are laid out in the background
    page.locator(".weigh").evaluate("(view) => { window.__view = view; }")
    return page, page.locator(".weigh input[type=range]").first


def _plain_presses(browser: Any, environment: dict[str, str]) -> list[float]:
    with serving("benchmarks/plain_app.py", environment) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.wait_for_function(f"() => ({PLAIN})() !== undefined", timeout=60_000)
        page.locator("[data-testid=stDataFrame]").wait_for()
        slider = page.locator("[data-testid=stSidebar] input[type=range]").first
        times = [press(page, slider, PLAIN) for _ in range(PRESSES)]
        page.close()
    return times


def press(page: Any, slider: Any, state: str) -> float:
    """Press a key on a weight; return the milliseconds until the changed state is painted."""
    slider.focus()
    page.wait_for_function(IDLE)  # what the press before has set off is over
    page.evaluate(f"() => {{ window.__before = ({state})(); }}")
    waiting = f"""() => {{
      const before = window.__before;
      const changed = () => ({state})() !== before;
      window.__painted = new Promise((start) => {{
        addEventListener("keydown", () => {{
          const pressed = performance.now();
          ({PAINTED})(changed).then((painted) => start(painted - pressed));
        }}, {{ capture: true, once: true }});
      }});
    }}"""
    page.evaluate(waiting)
    page.keyboard.press("ArrowRight")
    return float(page.evaluate("() => window.__painted"))


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
