"""A supplier applies on a phone, is asked for one more paper, and is approved; a dealer applies without JavaScript."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from s2b2c.supervisor import system
from tests.apps.accounts.totp import code_of
from tests.journeys.shop_visit import PHONE, Visitor, open_browser, texts_of

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
SUPPLIER_PHONE, DEALER_PHONE = "19900000041", "19900000042"
LINK = re.compile(r"http://[^\s]+/join/open/[^\s]+/")
LAST_DAY = "2029-12-31"
TAX_NUMBERS = ("91320505MADE08010L", "91320505MADE08029H")


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


@pytest.fixture
def scan(tmp_path) -> Callable[[str], Path]:
    """``scan(name)`` is a picture of a paper, another one for each name."""

    def make(name: str) -> Path:
        path = tmp_path / f"{name}.jpg"
        Image.new("RGB", (900, 1270), tuple(sum(map(ord, name * n)) % 200 + 40 for n in (1, 2, 3))).save(
            path, quality=80
        )
        return path

    return make


def links_of(suite, phone: str) -> list[str]:
    """The links in the texts of a phone, newest first."""
    return [match[0] for text in texts_of(suite, phone) if (match := LINK.search(text))]


def newest_link(suite, phone: str, *, count: int) -> str:
    """The newest link, once so many have come."""
    assert system.wait_until(lambda: len(links_of(suite, phone)) >= count, seconds=40, every=0.3)
    return links_of(suite, phone)[0].replace("http://127.0.0.1:8000", suite.base_url)


def hand_in(page: Page, code: str, scan: Callable[[str], Path], **fields: str) -> None:
    """Fill in one paper's form and send it."""
    section = page.locator(f"#{code}")
    for name, text in fields.items():
        section.locator(f"[name={code}-{name}]").fill(text)
    if section.locator(f"[name={code}-file]").count():
        section.locator(f"[name={code}-file]").set_input_files(
            scan(f"{code}-{len(page.url)}-{sum(map(ord, page.url))}")
        )
    section.locator("form button").first.click()
    page.wait_for_load_state()


def start(page: Page, *, side: str, company: str, phone: str) -> None:
    """Begin an application."""
    page.goto(f"/join/{side}/")
    page.locator("#id_name_zh").fill(company)
    page.locator("#id_contact_name").fill("顾南星")
    page.locator("#id_contact_email").fill(f"apply{phone}@journey.example")
    page.locator("#id_contact_phone").fill(phone)
    page.locator("#id_agree").check()
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/company/**")


def sign(page: Page) -> None:
    """Sign the contract."""
    page.locator("[name=contract-signer_name]").fill("顾南星")
    page.locator("[name=contract-signer_title]").fill("总经理")
    page.locator("[name=contract-agree]").check()
    page.locator("#contract form .btn--primary").click()
    page.wait_for_load_state()


def as_hq(visit) -> Page:
    """Headquarters, signed in on the dashboard."""
    page = visit().page
    page.goto("/account/login/?next=/admin/")
    page.locator("[name=login]").fill("hq@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    for steps in (0, 1, -1):
        page.locator("[name=code]").fill(code_of(TOTP_SECRET, steps=steps))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        if not page.locator("[name=code]").count():
            break
    page.goto("/admin/")
    return page


def test_a_supplier_applies_is_asked_for_one_more_paper_and_is_approved(visit, scan, suite):
    applicant = visit(viewport=PHONE)
    page = applicant.page
    company = "苏州砚池紧固件有限公司"
    applicant.go("/join/")
    applicant.go("/join/supplier/")
    page.locator("main form .btn--primary").click()
    expect(page.locator("#errors")).to_be_visible()
    applicant.look_over()
    start(page, side="supplier", company=company, phone=SUPPLIER_PHONE)
    applicant.look_over()

    # What is typed is there in another window, opened by the link, without any button.
    page.locator("#id_company-region").fill("江苏省苏州市")
    expect(page.locator("[data-saved]")).to_contain_text("已于")
    elsewhere = visit(viewport=PHONE)
    elsewhere.page.goto(newest_link(suite, SUPPLIER_PHONE, count=1))
    elsewhere.look_over()
    elsewhere.page.locator("main form .btn--primary").click()
    elsewhere.page.wait_for_url("**/company/**")
    expect(elsewhere.page.locator("#id_company-region")).to_have_value("江苏省苏州市")

    page.locator("#id_company-address").fill("砚池路 12 号")
    page.locator("#id_company-business").fill("底盘与车身紧固件")
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/papers/**")
    applicant.look_over()
    hand_in(page, "tax-number", scan, number="91320505MADE0801")
    expect(page.locator("#errors")).to_be_visible()
    applicant.look_over()
    hand_in(page, "tax-number", scan, number=TAX_NUMBERS[0])
    hand_in(page, "licence", scan, valid_until=LAST_DAY)
    hand_in(page, "brand-authorization", scan, issuer=company, valid_until=LAST_DAY)
    page.wait_for_url("**/account/**")
    applicant.look_over()
    hand_in(page, "bank-account", scan, bank="招商银行苏州分行", account="6214000000000999")
    page.wait_for_url("**/contract/**")
    applicant.look_over()
    sign(page)
    page.wait_for_url("**/check/**")
    applicant.look_over()
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("申请审核中")
    applicant.look_over()

    hq = as_hq(visit)
    hq.locator("a[href*='onboarding/application/?waiting=1']").first.click()
    hq.locator("a", has_text=company).first.click()
    hq.locator("input[name=codes][value=iso-certificate]").check()
    hq.locator("textarea[name=reason]").fill("请补充质量体系证书。")
    hq.locator("button[value=more]").click()
    hq.wait_for_load_state()

    page.goto(newest_link(suite, SUPPLIER_PHONE, count=2))
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/papers/**")
    expect(page.locator("main")).to_contain_text("请补充质量体系证书")
    applicant.look_over()
    hand_in(page, "iso-certificate", scan, number="IATF-0810", issuer="中质协", valid_until=LAST_DAY)
    page.goto(page.url.replace("/papers/", "/check/").replace("/account/", "/check/"))
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("申请审核中")

    # From the dashboard: the queue, the application, the button.
    hq.goto("/admin/")
    hq.locator("a[href*='onboarding/application/?waiting=1']").first.click()
    hq.locator("a", has_text=company).first.click()
    hq.locator("form:has(input[value=approve]) button").first.click()
    hq.wait_for_load_state()
    page.reload()
    expect(page.locator("main")).to_contain_text("已通过审核")
    applicant.look_over()


def test_a_dealer_applies_without_javascript(visit, scan, suite):
    applicant = visit(language="en", has_javascript=False)
    page = applicant.page
    start(page, side="dealer", company="苏州 Yanchi Auto", phone=DEALER_PHONE)
    page.goto(newest_link(suite, DEALER_PHONE, count=1))
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/company/**")
    page.locator("#id_company-region").fill("Suzhou")
    page.locator("#id_company-address").fill("12 Yanchi Road")
    page.locator("#id_company-business").fill("Sales and service")
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/papers/**")
    hand_in(page, "tax-number", scan, number=TAX_NUMBERS[1])
    hand_in(page, "licence", scan)
    hand_in(page, "premises", scan, valid_until=LAST_DAY)
    page.wait_for_url("**/account/**")
    hand_in(page, "bank-account", scan, bank="Bank of Suzhou", account="6214000000000888")
    sign(page)
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("We are reading your application.")


def test_a_supplier_looks_at_its_documents_and_renews_one(visit, scan):
    supplier = visit(viewport=PHONE)
    page = supplier.page
    supplier.sign_in("supplier@demo.example", PASSWORD)
    supplier.go("/supplier/documents/")
    section = page.locator("#brand-authorization")
    section.locator("summary").click()
    supplier.look_over()
    section.locator("[name=brand-authorization-issuer]").fill("砺川")
    section.locator("[name=brand-authorization-valid_until]").fill("2020-01-01")
    section.locator("[name=brand-authorization-file]").set_input_files(scan("brand"))
    section.locator("form .btn--primary").click()
    expect(page.locator("#errors")).to_be_visible()
    supplier.look_over()
