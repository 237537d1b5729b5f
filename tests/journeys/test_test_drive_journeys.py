"""A test drive from the vehicle's page to the driver's answer, in a real browser, at two widths."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"


@pytest.fixture(scope="module")
def drive_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(drive_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(drive_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


@pytest.mark.parametrize(
    ("email", "language", "viewport", "has_javascript"),
    [
        ("consumer@demo.example", "zh-CN", PHONE, False),
        ("consumer2@demo.example", "en-US", DESKTOP, True),
    ],
)
def test_a_drive_is_booked_in_three_steps_driven_and_judged(visit, email, language, viewport, has_javascript):
    driver = visit(language=language, viewport=viewport, has_javascript=has_javascript)
    driver.sign_in(email, PASSWORD)
    driver.go("/vehicles/qinglan/")
    driver.page.locator("main a[href='/test-drives/qinglan/']").click()
    driver.look_over()
    driver.page.locator("main a.btn--primary[href$='/st-shanghai-pudong/']").click()
    driver.look_over()
    driver.page.locator(".drive-times a:not(.drive-times__taken)").last.click()
    driver.look_over()
    fields = driver.page.locator("main form.stack :is(input:not([type=hidden]), select):visible")
    assert fields.count() == 4
    driver.page.locator("[name=licence_class]").select_option("C1")
    driver.page.locator("[name=expires_on]").fill("2035-01-01")
    driver.page.locator("[name=born_on]").fill("1990-05-01")
    driver.page.locator("[name=agree]").check()
    driver.page.locator("main form.stack button.btn--primary").click()
    driver.page.wait_for_url("**/account/test-drives/*/")
    driver.look_over()
    expect(driver.page.locator(".drive-qr svg")).to_be_visible()
    own = driver.page.url
    number = own.rstrip("/").rpartition("/")[2]

    clerk = visit(language=language, viewport=viewport, has_javascript=has_javascript)
    clerk.sign_in("clerk@demo.example", PASSWORD)
    clerk.go("/dealer/test-drives/day/")
    clerk.go("/dealer/test-drives/")
    pages = clerk.page.locator(".dealer__card a.todo__name")
    addresses = [pages.nth(index).get_attribute("href") for index in range(pages.count())]
    for address in reversed(addresses):
        clerk.page.goto(str(address))
        if number in clerk.page.title():
            break
    clerk.look_over()
    clerk.page.locator("form[action$='/confirm/'] button").click()
    clerk.page.locator("[name=check-in-kilometres_out]").fill("1200")
    clerk.page.locator("form[action$='/check-in/'] button").click()
    clerk.look_over()
    clerk.page.locator("[name=complete-outcome]").select_option("THINKING")
    clerk.page.locator("form[action$='/complete/'] button").click()
    clerk.look_over()

    driver.page.goto(own)
    driver.look_over()
    driver.page.locator("[name=stars]").select_option("5")
    driver.page.locator("form:has([name=stars]) button").click()
    expect(driver.page.locator("[name=stars]")).to_have_count(0)
    driver.look_over()
    driver.go("/account/test-drives/")
    assert re.search(number, driver.page.content())
