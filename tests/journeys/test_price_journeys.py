"""Headquarters reviews prices, previews a price list, imports one and undoes it, and asks why a price is what it is."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.shop_visit import PHONE, Visitor, open_browser
from tests.journeys.test_staff_journeys import enter_headquarters, look

pytestmark = pytest.mark.journey
# A folder to leave pictures in, for somebody who wants to look.
PICTURES = os.environ.get("STAFF_PICTURES", "")
TABLE = """价目表,平台产品号,方式,数值
WINTER-CAMPING,MAT-VEL-TIANSHU,PERCENT,-12
WINTER-CAMPING,NOTHING-LIKE-IT,PERCENT,-5
WINTER-CAMPING,CMP-BED-TIANSHU,PERCENT,=1+1
"""


@pytest.fixture(scope="module")
def price_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(price_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(price_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def picture(page: Page, name: str) -> None:
    """Leave a picture of the whole page, if one is wanted."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)


def test_headquarters_reviews_prices_and_proposals(visit):
    visitor = visit()
    page = enter_headquarters(visitor)

    page.goto("/admin/catalog/pricechange/")
    expect(page.locator("#result_list")).to_contain_text("BRK-PAD-R-CHANGGENG")
    picture(page, "price-changes")
    page.locator("#result_list a", has_text="BRK-PAD-R-CHANGGENG").click()
    expect(page.locator("body")).to_contain_text("+58.2%")
    with page.expect_event("console", lambda said: "422" in said.text):
        page.locator("button[name=reject]").click()
    # Without a reason nothing is decided: the seller reads it.
    expect(page.locator("[role=alert]")).to_be_visible()
    visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]
    look(visitor, "price-change")
    page.locator("[name=note]").fill("请先提供涨价依据。")
    page.locator("button[name=reject]").click()
    expect(page.locator("#result_list")).to_contain_text("已驳回")

    page.goto("/admin/catalog/productproposal/?q=QM-ORG-TRUNK")
    page.locator("#result_list a", has_text="QM-ORG-TRUNK").first.click()
    expect(page.locator("body")).to_contain_text("149.00")
    look(visitor, "proposal")


def test_headquarters_previews_a_price_list_and_asks_why(visit):
    visitor = visit()
    page = enter_headquarters(visitor)

    page.goto("/admin/catalog/pricelist/")
    expect(page.locator("#result_list")).to_contain_text("海南省")
    look(visitor, "price-lists")
    page.locator("#result_list a", has_text="WINTER-CAMPING").click()
    picture(page, "price-list")
    page.goto("/admin/catalog/pricelistversion/?q=WINTER-CAMPING")
    page.locator("#result_list a", has_text="v2").click()
    expect(page.locator("body")).to_contain_text("-15 %")
    look(visitor, "price-list-draft")
    page.set_viewport_size(PHONE)
    look(visitor, "price-list-draft")

    page.goto("/admin/catalog/pricelist/")
    page.locator("a", has_text="价格由来").first.click()
    page.locator("[name=number]").fill("CMP-BED-TIANSHU")
    page.locator("form[method=get] button[type=submit]").last.click()
    expect(page.locator("tfoot")).to_contain_text("530.10")
    look(visitor, "why")


def test_headquarters_imports_a_price_list_reads_the_report_and_undoes_it(visit):
    visitor = visit()
    page = enter_headquarters(visitor)

    page.goto("/admin/catalog/pricelist/")
    page.locator("a", has_text="导入表格").first.click()
    expect(page.locator("[name=kind]")).to_have_value("price_lists")
    page.locator("[name=file]").set_input_files(
        {"name": "prices.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    look(visitor, "import-upload")
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("#import-run")).to_contain_text("NOTHING-LIKE-IT", timeout=60_000)
    expect(page.locator("#import-run")).to_contain_text("公式")
    look(visitor, "import-report")
    page.locator("#import-run form[action*='/apply/'] button").click()
    expect(page.locator("#import-run form[action*='/undo/'] button")).to_be_visible(timeout=60_000)

    page.goto("/admin/catalog/pricelistversion/?q=WINTER-CAMPING")
    page.locator("#result_list a", has_text="v2").click()
    expect(page.locator("body")).to_contain_text("-12 %")

    page.goto("/admin/kernel/importrun/")
    page.locator("#result_list a", has_text="prices.csv").first.click()
    page.locator("#import-run form[action*='/undo/'] button").click()
    expect(page.locator("#import-run")).to_contain_text("已撤销", timeout=60_000)
    page.goto("/admin/catalog/pricelistversion/?q=WINTER-CAMPING")
    page.locator("#result_list a", has_text="v2").click()
    expect(page.locator("body")).to_contain_text("-15 %")
    expect(page.locator("body")).not_to_contain_text("-12 %")
