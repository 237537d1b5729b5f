"""Search, suggestions, filters and comparison, as people use them: by keyboard, on a phone, without JavaScript."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.shop_visit import PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def shop_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(shop_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(shop_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def options(page: Page):
    return page.locator("#search-suggestions [role=option]")


def test_suggestions_are_chosen_by_keyboard(visit):
    visitor = visit()
    page = visitor.page
    visitor.go("/parts/")
    field = page.locator("#search")

    field.focus()
    field.press_sequentially("jyl")
    expect(options(page).first).to_contain_text("机油滤清器")
    expect(field).to_have_attribute("aria-expanded", "true")
    visitor.look_over()
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_value("机油滤清器")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("search-suggestions-0"))
    field.press("ArrowUp")
    expect(field).to_have_value("jyl")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")

    page.wait_for_url("**/search/?q=**")
    expect(page.locator("h1")).to_contain_text("机油滤清器")
    expect(page.locator("a.product").first).to_be_visible()
    visitor.look_over()


def test_a_mistake_is_forgiven_and_nothing_is_said_kindly(visit):
    visitor = visit(language="en", viewport=PHONE)
    page = visitor.page

    visitor.go("/search/?q=fliter")
    page.get_by_role("link", name="Search for “filter”").click()
    page.wait_for_url("**/search/?q=filter")
    expect(page.locator("a.product").first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        visitor.go("/parts/?q=zzzzzz&in_stock=1")
        expect(page.locator(".empty h2")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_filters_are_set_and_taken_away_and_the_way_back_works(scheme, visit):
    visitor = visit()
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    visitor.go("/parts/")
    every = page.locator(".list__count").inner_text()

    page.locator("#f-brand-lichuan").click()
    page.wait_for_url("**/parts/?brand=lichuan")
    expect(page.locator("#chip-brand-lichuan")).to_be_visible()
    page.locator("#f-stock").click()
    page.wait_for_url("**/parts/?brand=lichuan&in_stock=1")
    expect(page.locator(".list .chips > li")).to_have_count(3)
    visitor.look_over()
    page.locator("#ordering").select_option("price")
    page.wait_for_url("**ordering=price**")
    page.go_back()
    page.wait_for_url("**/parts/?brand=lichuan&in_stock=1")
    page.go_back()
    page.wait_for_url("**/parts/?brand=lichuan")
    expect(page.locator("#f-stock")).not_to_have_attribute("aria-current", "true")
    page.locator("#chip-brand-lichuan").click()
    page.wait_for_url("**/parts/")
    expect(page.locator(".list__count")).to_have_text(every)


def test_what_fits_my_car_on_a_phone(visit):
    visitor = visit(language="en", viewport=PHONE)
    page = visitor.page
    visitor.go("/parts/")

    expect(page.locator("#filters")).to_be_hidden()
    page.locator(".list__open").click()
    expect(page.locator("#filters")).to_be_visible()
    visitor.look_over()
    page.locator("#fits").select_option(index=3)
    page.wait_for_url("**fits=**")
    expect(page.locator(".goods__fits").first).to_be_visible()
    page.locator("#kind-accessory").click()
    page.wait_for_url("**kind=accessory**fits=**")
    expect(page.locator(".goods__fits").first).to_be_visible()
    visitor.look_over()


def test_compares_what_was_ticked_on_two_pages(visit):
    visitor = visit()
    page = visitor.page
    visitor.go("/parts/?category=part-brake")
    page.locator(".goods__compare input").nth(0).check()
    expect(page.locator(".tray.is-filled .chip")).to_have_count(1)
    page.locator(".goods__compare input").nth(1).check()
    visitor.go("/parts/?category=part-tire")
    expect(page.locator(".tray .chip")).to_have_count(2)
    page.locator(".goods__compare input").nth(0).check()
    page.locator("[data-tray-button]").click()

    page.wait_for_url("**/compare/?id=**")
    expect(page.locator(".compare__head")).to_have_count(3)
    visitor.look_over()
    every = page.locator(".compare tbody tr").count()
    page.locator("#only").click()
    page.wait_for_url("**only=1")
    expect(page.locator("#only")).to_have_attribute("aria-checked", "true")
    assert page.locator(".compare tbody tr").count() < every
    page.locator(".compare__head a", has_text="移除").first.click()
    expect(page.locator(".compare__head")).to_have_count(2)
    page.emulate_media(color_scheme="dark")
    visitor.look_over()


def test_everything_works_without_javascript(visit):
    visitor = visit(language="en", has_javascript=False, viewport=PHONE)
    page = visitor.page
    visitor.go("/parts/")

    page.locator(".list__open").click()
    page.locator("#f-category-part-brake").click()
    page.wait_for_url("**category=part-brake**")
    page.locator(".list__open").click()
    page.locator("#fits").select_option(index=2)
    page.get_by_role("button", name="Show what fits").click()
    page.wait_for_url("**fits=**")
    page.locator("#ordering").select_option("price")
    page.get_by_role("button", name="Sort").click()
    page.wait_for_url("**ordering=price**")
    page.locator(".goods__compare input").nth(0).check()
    page.locator(".goods__compare input").nth(1).check()
    page.locator("#compare button", has_text="Compare").click()
    page.wait_for_url("**/compare/?id=**")
    expect(page.locator(".compare__head")).to_have_count(2)
    page.locator("#only").click()
    page.wait_for_url("**only=1")
    visitor.go("/search/?q=brake")
    page.locator("#q").fill("wiper")
    page.locator("#q").press("Enter")
    page.wait_for_url("**q=wiper")
    expect(page.locator("a.product").first).to_be_visible()
    visitor.look_over()
