"""Suppliers, from the first click of an application to the parcel with the carrier, as people walk it."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from stdnum.cn import uscc

from tests.journeys.shop_visit import PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
APPLICANT = "consumer2@demo.example"
SITE = "qingyu-suzhou"
SITE_FORM = {
    "name_zh": "苏州中心仓",
    "name_en": "Suzhou warehouse",
    "code": SITE,
    "province": "江苏省",
    "city": "苏州市",
    "district": "吴中区",
    "address": "星湖街 218 号",
}
REVIEWER = "from apps.accounts.models import User; by = User.objects.get(email='hq@demo.example')"
CLOCK = "from django.utils import timezone; now = timezone.now()"


@pytest.fixture(scope="module")
def portal_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(portal_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options: Any) -> Visitor:
        visitors.append(Visitor(portal_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def table(rows: list[tuple]) -> bytes:
    """A workbook with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def press(page: Page, name: str) -> None:
    """Press the first button of the page's main part that says ``name``."""
    page.locator("main").get_by_role("button", name=name).first.click()


def write_table(visitor: Visitor, kind: str, path: Path) -> None:
    """Upload a table, wait for its report, write it and wait until it is written."""
    page = visitor.page
    visitor.go("/supplier/imports/")
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=file]").set_input_files(path)
    press(page, "上传并检查")
    expect(page.locator("#import-run")).to_contain_text("写入", timeout=60_000)
    visitor.look_over()
    press(page, "写入这些行")
    expect(page.get_by_role("button", name="撤销")).to_be_visible(timeout=60_000)
    expect(page.locator("#import-run progress")).to_have_count(0, timeout=60_000)


def buy(visitor: Visitor, slug: str) -> str:
    """Buy one piece of a part as a guest, delivered, and pay; the order's number."""
    page = visitor.page
    visitor.go(f"/products/{slug}/")
    page.locator("main form button.btn--primary").first.click()
    visitor.go("/cart/")
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/")
    page.locator("[name=method][value=delivery]").check()
    for name, value in {
        "email": "guest@example.com",
        "name": "林晚晴",
        "recipient_phone": "13800138000",
        "province": "上海市",
        "city": "上海市",
        "district": "浦东新区",
        "line": "世纪大道 100 号",
    }.items():
        if page.locator(f"[name={name}]").count():
            page.locator(f"[name={name}]").fill(value)
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/pay/**")
    visitor.pay_at_cashier()
    return page.url.split("?")[0].rstrip("/").rpartition("/")[2]


def open_site(visitor: Visitor) -> None:
    """Go from the to-do list to the first site, and open it."""
    page = visitor.page
    expect(page.locator("main")).to_contain_text("尚未设立仓库")
    page.locator("main").get_by_role("link", name="新建仓库").first.click()
    page.wait_for_url("**/supplier/sites/")
    visitor.look_over()
    page.locator("main").get_by_role("link", name="新建仓库").first.click()
    page.wait_for_url("**/supplier/sites/open/")
    for name, value in SITE_FORM.items():
        page.locator(f"[name={name}]").fill(value)
    visitor.look_over()
    press(page, "新建仓库")
    expect(page.locator("main")).to_contain_text(SITE)
    visitor.look_over()


@pytest.fixture
def supplier(visit) -> Visitor:
    """Somebody of the demo's first supplier, at the to-do list."""
    visitor = visit()
    visitor.sign_in("supplier@demo.example", PASSWORD)
    visitor.go("/supplier/")
    return visitor


PAGES = (
    "", "orders/", "offers/", "sites/", "sites/open/", "proposals/", "proposals/new/", "imports/", "messages/",
    "scorecard/", "returns/", "statements/",
)  # fmt: skip


@pytest.mark.parametrize(
    "options", [{"viewport": PHONE}, {"viewport": {"width": 320, "height": 700}}, {"language": "en"}]
)
def test_every_page_of_the_portal_is_sound_on_a_phone_and_in_english(visit, options):
    visitor = visit(**options)
    visitor.sign_in("supplier@demo.example", PASSWORD)

    for page in PAGES:
        visitor.go(f"/supplier/{page}")


def test_the_drawer_opens_by_keyboard_and_without_javascript(visit):
    visitor = visit(viewport=PHONE, has_javascript=False)
    visitor.sign_in("supplier@demo.example", PASSWORD)
    visitor.go("/supplier/")
    page = visitor.page

    page.locator(".portal__more summary").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".portal__drawer")).to_be_visible()
    page.locator(".portal__drawer a[href='/supplier/scorecard/']").click()
    page.wait_for_url("**/supplier/scorecard/")


def test_a_supplier_takes_its_table_changes_a_count_and_undoes_it(supplier, tmp_path):
    page = supplier.page
    supplier.go("/supplier/imports/")
    with page.expect_download() as download:
        page.locator("a[href='/supplier/imports/template/stock/']").click()
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))["data"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    sku, before = rows[1][0], rows[1][2]
    rows[1][2] = before + 7
    path = tmp_path / "stock.xlsx"
    path.write_bytes(table([tuple(row) for row in rows]))

    write_table(supplier, "stock", path)
    supplier.go(f"/supplier/offers/{sku}/")
    expect(page.locator("input[name=on_hand]").first).to_have_value(str(before + 7))

    supplier.go("/supplier/imports/")
    page.locator(".rows a").first.click()
    press(page, "撤销")
    expect(page.locator("#import-run")).to_contain_text("已撤销", timeout=60_000)
    supplier.go(f"/supplier/offers/{sku}/")
    expect(page.locator("input[name=on_hand]").first).to_have_value(str(before))


def hand_in(visitor: Visitor, code: str, tmp_path: Path, **values: str) -> None:
    """Hand in one paper of an application; every company's picture is its own."""
    page = visitor.page
    form = page.locator(f"#{code} form").first
    for name, value in values.items():
        form.locator(f"[name={code}-{name}]").fill(value)
    if form.locator(f"[name={code}-file]").count():
        picture = tmp_path / f"{code}.png"
        Image.effect_noise((64, 48), 90).save(picture)
        form.locator(f"[name={code}-file]").set_input_files(picture)
    form.locator("button").click()
    page.wait_for_load_state()


def test_a_company_applies_is_asked_for_one_more_paper_sells_and_ships(visit, suite, tmp_path):
    applicant = visit()
    page = applicant.page
    applicant.sign_in(APPLICANT, PASSWORD)
    applicant.go("/join/supplier/")
    for name, value in {
        "name_zh": "青屿汽车零部件有限公司",
        "contact_name": "林砚",
        "contact_email": APPLICANT,
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=agree]").check()
    page.locator("main form .btn--primary").first.click()
    page.wait_for_url("**/join/a/**")
    number = page.url.partition("/join/a/")[2].partition("/")[0]
    for name, value in {"region": "江苏省苏州市", "address": "星湖街 218 号", "business": "制动件"}.items():
        page.locator(f"[name=company-{name}]").fill(value)
    page.locator("main form .btn--primary").first.click()
    page.wait_for_url("**/papers/**")
    applicant.look_over()
    body = "91320594MA2100317"
    hand_in(applicant, "licence", tmp_path, valid_until="2030-12-31")
    hand_in(applicant, "tax-number", tmp_path, number=body + uscc.calc_check_digit(body))
    hand_in(applicant, "brand-authorization", tmp_path, issuer="青屿", valid_until="2030-12-31")
    applicant.go(f"/join/a/{number}/account/")
    hand_in(applicant, "bank-account", tmp_path, bank="招商银行苏州分行", account="6214000000000999")
    applicant.go(f"/join/a/{number}/contract/")
    page.locator("[name=contract-signer_name]").fill("林砚")
    page.locator("[name=contract-signer_title]").fill("总经理")
    page.locator("[name=contract-agree]").check()
    page.locator("#contract form button").first.click()
    page.wait_for_url("**/check/**")
    applicant.look_over()
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("申请审核中")

    review = f"{REVIEWER}; {CLOCK}; from apps.onboarding import api; a = api.Application.objects.get(number='{number}')"
    wish = "codes=['iso-certificate'], reason='请补充 IATF 16949 证书'"
    more = f"api.ask_for_more(application_id=a.pk, {wish}, by=by, now=now)"
    suite.manage("shell", "-c", f"{review}; {more}")
    applicant.go(f"/join/a/{number}/papers/")
    hand_in(applicant, "iso-certificate", tmp_path, number="IATF-0317", issuer="TÜV", valid_until="2029-12-31")
    applicant.go(f"/join/a/{number}/check/")
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("申请审核中")
    seen = "seen = [s.latest.pk for s in api.list_standings(a) if s.latest]"
    approve = "api.approve_application(application_id=a.pk, seen=seen, by=by, now=now)"
    suite.manage("shell", "-c", f"{review}; {seen}; {approve}")
    part = (
        "from apps.catalog.api import Offer, OfferPrice; "
        "offer = Offer.objects.filter(product__info__kind='part', product__is_public=True, status='ACTIVE')"
        ".order_by('pk').first(); price = OfferPrice.objects.get(offer=offer, valid__upper_inf=True); "
        "print(offer.product.upc, offer.product.slug, price.amount)"
    )
    upc, slug, amount = suite.manage("shell", "-c", part).split()[-3:]

    # Whoever gets a role signs in anew.
    applicant.sign_in(APPLICANT, PASSWORD)
    applicant.go("/supplier/")
    expect(page.locator(".portal__organization")).to_contain_text("青屿")
    open_site(applicant)
    offers, stock = tmp_path / "offers.xlsx", tmp_path / "stock.xlsx"
    cheaper = f"{float(amount) * 0.97:.2f}"
    heading = ("sku", "product", "price", "lead_time_days", "sites")
    offers.write_bytes(table([heading, ("QY-0001", upc, cheaper, 1, SITE)]))
    stock.write_bytes(table([("sku", "site", "on_hand"), ("QY-0001", SITE, 25)]))
    write_table(applicant, "offers", offers)
    write_table(applicant, "stock", stock)

    buyer = visit()
    order = buy(buyer, slug)

    applicant.go("/supplier/")
    for _ in range(20):
        if page.locator("main").get_by_text(order).count():
            break
        page.reload()
    expect(page.locator("main")).to_contain_text(order)
    applicant.look_over()
    press(page, "接单")
    applicant.go("/supplier/orders/?tab=ship")
    page.locator(".rows a.todo__name").first.click()
    applicant.look_over()
    label = page.request.get(page.locator("a[href$='label.pdf']").get_attribute("href"))
    assert label.body().startswith(b"%PDF-")
    page.locator("[name=carrier]").fill("顺丰速运")
    page.locator("[name=tracking_number]").fill("SF1234567890")
    page.locator("#ship .btn--primary").click()
    expect(page.locator("main")).to_contain_text("SF1234567890")
    buyer.page.reload()
    buyer.await_on_order("SF1234567890")
