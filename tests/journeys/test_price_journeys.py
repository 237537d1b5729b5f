"""Headquarters looks at what waits, previews a price list at a date, and asks why a price is what it is."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.apps.accounts.totp import code_of
from tests.journeys.shop_visit import Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(scope="module")
def browser_here(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(browser_here, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(browser_here, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def sign_in(page: Page) -> None:
    """Headquarters, signed in."""
    page.goto("/account/login/?next=/admin/")
    page.locator("[name=login]").fill("hq@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    # A code is taken once, and other journeys sign in as well.
    for steps in (0, 1, -1):
        page.locator("[name=code]").fill(code_of(TOTP_SECRET, steps=steps))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        if not page.locator("[name=code]").count():
            break


def test_headquarters_reviews_prices_and_proposals_and_asks_why(visit, tmp_path):
    page = visit().page
    sign_in(page)

    page.goto("/admin/catalog/pricechange/")
    expect(page.locator("#result_list")).to_contain_text("BRK-PAD-R-CHANGGENG")
    page.screenshot(path=tmp_path / "price-changes.png")
    page.locator("#result_list a", has_text="BRK-PAD-R-CHANGGENG").click()
    expect(page.locator("body")).to_contain_text("+58.2%")
    page.locator("button[name=reject], input[name=reject]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    page.screenshot(path=tmp_path / "price-change.png", full_page=True)

    page.goto("/admin/catalog/productproposal/?q=QM-ORG-TRUNK")
    page.screenshot(path=tmp_path / "proposals.png")
    page.locator("#result_list a", has_text="QM-ORG-TRUNK").first.click()
    expect(page.locator("body")).to_contain_text("149.00")
    page.screenshot(path=tmp_path / "proposal.png", full_page=True)

    page.goto("/admin/catalog/pricelist/?q=WINTER-CAMPING")
    page.screenshot(path=tmp_path / "price-lists.png")
    page.locator("#result_list a", has_text="WINTER-CAMPING").click()
    page.screenshot(path=tmp_path / "price-list.png", full_page=True)
    page.goto("/admin/catalog/pricelistversion/?q=WINTER-CAMPING")
    page.locator("#result_list a", has_text="v2").click()
    expect(page.locator("body")).to_contain_text("-15 %")
    page.screenshot(path=tmp_path / "draft.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=tmp_path / "draft-phone.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})

    page.goto("/admin/catalog/pricelist/why/?number=CMP-BED-TIANSHU")
    expect(page.locator("tfoot")).to_contain_text("530.10")
    page.screenshot(path=tmp_path / "why.png", full_page=True)
