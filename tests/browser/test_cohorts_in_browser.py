"""The Cohorts page in a real browser: choose and build by keyboard, no outside request, nothing serious for axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from screens import LOOKS, fits, serious
from servers import Open

from prioritisation.ui.cohorts.page import QUESTIONS

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def open_cohorts(visit: Open) -> Open:
    def start(query: str = "", width: int = 1280, scheme: str = "light") -> Any:
        page = visit(f"/Cohorts?{query}", width, scheme)
        page.get_by_text("Counts are rounded to 5").wait_for()
        return page

    return start


def sentence(page: Any) -> Any:
    return page.locator("p.sentence").first


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_question_fits_and_axe_finds_nothing_serious(width: int, scheme: str, open_cohorts: Open) -> None:
    page = open_cohorts("", width, scheme)
    for question in QUESTIONS:
        page.goto(f"{page.url.partition('?')[0]}?question={question}")
        page.locator(
            ".map-frame[data-ready=true]" if question == "where" else ".js-plotly-plot .main-svg:visible"
        ).first.wait_for()
        assert serious(page) == [], question
        assert fits(page), question


def test_a_cohort_is_chosen_by_keyboard(open_cohorts: Open) -> None:
    page = open_cohorts()
    expect(sentence(page)).to_contain_text("in contact with 3 or more partners")
    page.get_by_role("combobox", name="Cohort").focus()
    page.keyboard.type("Two or more")
    page.keyboard.press("Enter")
    expect(sentence(page)).to_contain_text("whose needs include at least 2 of")
    page.wait_for_url("**cohort=several-needs*")


def test_a_cohort_is_built_by_keyboard_and_its_link_reopens_it(open_cohorts: Open) -> None:
    page = open_cohorts("cohort=own")
    expect(sentence(page)).to_contain_text("Everyone known to any partner")
    for name, typed in (("Services in contact", "Home care"), ("Age", "85")):
        box = page.get_by_role("combobox", name=name, exact=True)
        box.focus()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.wait_for_url(re.compile("home_care"))
    expect(sentence(page)).to_contain_text("People aged 85 or over, with home care, in the last 12 months: about")
    told = sentence(page).inner_text()
    again = open_cohorts(page.url.partition("?")[2])
    expect(sentence(again)).to_have_text(told)


def test_what_was_not_counted_is_kept_whatever_is_chosen_next(open_cohorts: Open) -> None:
    page = open_cohorts("cohort=own&rule=age:75-84;sex:female;flags_all:justice")
    page.get_by_text("Offer the rest too").click()
    page.get_by_text("available with these conditions").first.wait_for()
    for name, chosen, address in (
        ("Needs", "Disability", "disability"),
        ("Services in contact", "Befriending", "befriending"),
        ("Locality", "Aberfaskan South", "locality="),
    ):
        page.get_by_role("combobox", name=name, exact=True).click()
        page.keyboard.type(chosen)
        page.get_by_role("option", name=chosen, exact=True).click()
        page.keyboard.press("Escape")
        page.wait_for_url(re.compile(address))
    told = "aged 75 to 84, recorded as female, with befriending, whose needs include justice and disability"
    expect(sentence(page)).to_contain_text(told)
    assert "flags_all%3Ajustice%2Cdisability" in page.url and "befriending" in page.url
    expect(page.get_by_label("Remove Disability", exact=True)).to_be_visible()


def test_the_tabs_take_arrow_keys_and_the_address_follows(open_cohorts: Open) -> None:
    page = open_cohorts()
    page.get_by_role("tab", name="Who are they?").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**question=where*")
    page.locator(".map-frame[data-ready=true]").wait_for()
    page.get_by_text("Wards", exact=True).click()
    page.wait_for_url("**by=ward*")
    expect(page.locator("table thead th").first).to_have_text("Ward")


def test_pointing_at_an_area_says_its_state(open_cohorts: Open) -> None:
    page = open_cohorts("question=where&by=data+zone&cohort=homelessness-mental-health")
    area = page.locator(".map-frame path[data-area][data-state=suppressed]").first
    area.wait_for()
    area.hover(force=True)
    expect(page.locator(".map-frame .tip").first).to_contain_text(re.compile(r"People: hidden \(0 to \d+\)"))


def test_the_partner_files_are_offered_on_the_data_page(open_cohorts: Open, address: str) -> None:
    page = open_cohorts()
    page.goto(f"{address}/Data")
    page.get_by_role("tab", name="How to import?").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="What a partner needs (ZIP)").click()
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"


LATE = """late => {
  const later = heard => heard && (event => setTimeout(() => heard(event), late));
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    set onmessage(heard) { super.onmessage = later(heard); }
    addEventListener(kind, heard, how) { super.addEventListener(kind, kind === "message" ? later(heard) : heard, how); }
  };
}"""


@pytest.mark.parametrize("late", [0, 100])
def test_what_is_typed_while_the_answer_to_the_choice_before_arrives_is_kept(late: int, open_cohorts: Open) -> None:
    page = open_cohorts("cohort=own")
    page.add_init_script(f"({LATE})({late})")
    page.reload()
    expect(sentence(page)).to_contain_text("Everyone known to any partner")
    for name, typed in (("Services in contact", "Home care"), ("Age", "85")):
        page.get_by_role("combobox", name=name, exact=True).focus()
        page.keyboard.type(typed, delay=50)  # the answer comes while somebody is typing
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
    expect(sentence(page)).to_contain_text("People aged 85 or over, with home care, in the last 12 months: about")
