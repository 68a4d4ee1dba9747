"""Reading the weighing view in a browser, for the tests."""

from __future__ import annotations

from typing import Any


def root(page: Any) -> Any:
    return page.locator(".weigh")


def state(page: Any, name: str) -> str | None:
    return root(page).get_attribute(f"data-{name}")


def wait_settled(page: Any, beyond: str | None = "0") -> None:
    page.wait_for_selector(f'.weigh[data-pending="false"]:not([data-settled="{beyond}"])')
    assert state(page, "agrees") == "true"


def type_share(page: Any, priority: int, percent: str) -> None:
    page.locator(f"#box-{priority}").fill(percent)
    page.keyboard.press("Enter")


def refusal(page: Any, priority: int) -> str:
    return str(page.locator(f"#refusal-{priority}").text_content())


def percents(page: Any) -> list[float]:
    return seen(page)["percents"]


def seen(page: Any) -> dict[str, Any]:
    """What is on the screen: fills of the true map, names, bars and scores of the rows, percentages."""
    return root(page).evaluate(
        """root => ({
          fills: [...root.querySelectorAll('.true-map .areas path')].map(path => path.getAttribute('fill')),
          names: [...root.querySelectorAll('.rows .name')].map(name => name.textContent),
          ranks: [...root.querySelectorAll('.rows .rank')].map(rank => rank.textContent),
          bars: [...root.querySelectorAll('.rows .row')].map(row =>
            [...row.querySelectorAll('rect')].map(rect => Number(rect.getAttribute('width')))),
          scores: [...root.querySelectorAll('.rows .score')].map(score => Number(score.textContent)),
          words: [...root.querySelectorAll('.rows .word')].map(word => word.textContent),
          percents: [...root.querySelectorAll('.share')].map(box => Number(box.value)),
          sentence: root.querySelector('.sentence').textContent,
        })"""
    )


def wait_until_still(page: Any) -> None:
    """Wait until no part of the page is faded: Streamlit pales what a running script has not yet shown again."""
    page.wait_for_function(
        "() => !document.querySelector('[data-stale=true], [data-testid=stStatusWidget]')", timeout=60_000
    )
    page.wait_for_timeout(1_200)
