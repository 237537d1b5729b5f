"""The shop from the first page to the keys in the hand, as people walk it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from s2b2c.supervisor import system
from tests.journeys.shop_visit import PHONE, Api, Visitor, open_browser, texts_of

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
STORE = "星驰上海浦东体验中心"
CONSUMER_PHONE = "19900000001"


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


def fill_in_address(page) -> None:
    """Type a delivery address."""
    for name, value in {
        "name": "Lin Wanqing",
        "recipient_phone": "13800138000",
        "province": "Shanghai",
        "city": "Shanghai",
        "district": "Pudong",
        "line": "100 Century Avenue",
    }.items():
        page.locator(f"[name={name}]").fill(value)


def test_a_buyer_configures_a_car_prepays_pays_the_balance_and_takes_the_keys(visit, suite):
    buyer = visit()
    page = buyer.page
    buyer.sign_in("consumer@demo.example", PASSWORD)
    buyer.look_over()
    buyer.go("/")
    page.locator(".hero .btn--primary").click()
    page.wait_for_url("**/vehicles/jinghong/")
    buyer.look_over()

    page.locator(".car-hero .btn--primary").click()
    page.wait_for_url("**/vehicles/jinghong/configure/")
    total = page.locator(".configure__total strong")
    page.locator("label[for='trim-JINGHONG-EV-680']").click()
    expect(total).to_have_text("¥289,800")
    page.locator("#next-step").click()
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    expect(page.locator(".configure__picture").first).to_have_attribute("src", re.compile("jinghong/.*cinnabar"))
    expect(total).to_have_text("¥295,800")
    page.locator("#step-finance").click()
    buyer.look_over()
    page.locator("#order-now").click()

    page.wait_for_url("**/cart/")
    buyer.look_over()
    expect(page.locator(".line .picture img")).to_have_attribute("src", re.compile("jinghong/.*cinnabar"))
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/")
    buyer.look_over()
    page.locator("[name=store_id]").select_option(label=STORE)
    expect(page.locator("[name=plan][value=deposit]")).to_be_checked()
    page.locator("aside .btn--primary").click()

    page.wait_for_url("**/checkout/pay/**")
    expect(page.locator(".cashier .price")).to_have_text("¥29,580")
    expect(page.locator(".qr svg")).to_be_visible()
    buyer.pay_at_cashier()
    buyer.look_over()
    number = page.url.rstrip("/").rpartition("/")[2]
    buyer.await_on_order("已付订金")
    expect(page.locator(".stage--done")).to_have_count(2)

    dealer = Api(suite, "dealer@demo.example", PASSWORD)
    (task,) = [row for row in dealer.get("/api/v1/dealer/fulfilments/")["results"] if row["order_number"] == number]
    other_dealer = Api(suite, "dealer2@demo.example", PASSWORD)
    assert other_dealer.post(f"/api/v1/dealer/fulfilments/{task['id']}/accept/")[0] == 404
    for move, status in (("accept", "IN_TRANSIT"), ("arrive", "ARRIVED"), ("pdi", "PDI_PASSED"), ("ready", "READY")):
        code, answer = dealer.post(f"/api/v1/dealer/fulfilments/{task['id']}/{move}/")
        assert (code, answer["status"]) == (200, status), answer
    assert system.wait_until(lambda: pickup_codes(suite) != [], seconds=30, every=0.2)
    code = pickup_codes(suite)[0]
    refused, answer = dealer.post(f"/api/v1/dealer/fulfilments/{task['id']}/hand-over/", {"code": code})
    assert (refused, answer["code"]) == (409, "balance_due")

    page.reload()
    buyer.look_over()
    expect(page.locator(".stage--done")).to_have_count(4)
    page.locator("button[name=provider][value=alipay]").click()
    page.wait_for_url("**/checkout/pay/**")
    expect(page.locator(".cashier .price")).to_have_text("¥266,220")
    buyer.pay_at_cashier()
    buyer.await_on_order("已付尾款")
    expect(page.locator(".stage--done")).to_have_count(5)

    handed, answer = dealer.post(f"/api/v1/dealer/fulfilments/{task['id']}/hand-over/", {"code": code})
    assert (handed, answer["status"]) == (200, "HANDED_OVER"), answer
    page.reload()
    expect(page.locator(".stage--done")).to_have_count(6)
    told = {step.get_attribute("data-code") for step in page.locator(".timeline li").all()}
    assert told >= {"created", "deposit_paid", "accepted", "arrived", "pdi_passed", "ready", "placed", "handed_over"}
    buyer.look_over()
    buyer.go("/account/")
    expect(page.locator("main")).to_contain_text(number)


def pickup_codes(suite) -> list[str]:
    """The codes in the texts that the buyer's phone shows, newest first."""
    found = (re.search(r"提车码：(\d{6})", text) for text in texts_of(suite, CONSUMER_PHONE))
    return [match[1] for match in found if match]


def test_a_guest_buys_a_part_and_cancels_a_second_order(visit):
    guest = visit(language="en", viewport=PHONE)
    page = guest.page

    guest.go("/parts/?q=oil+filter&in_stock=1")
    page.locator("a.product").first.click()
    page.wait_for_url("**/products/**")
    guest.look_over()
    page.locator("#fits").select_option(index=1)
    page.locator("#fitment button").click()
    expect(page.locator("#fitment [role=status]")).to_be_visible()
    guest.look_over()
    page.go_back()
    order_part(guest, provider="stripe")
    guest.pay_at_cashier()
    guest.look_over()
    expect(page.locator(".stage--done")).to_have_count(2)
    first = page.url

    guest.go("/parts/?q=oil+filter&in_stock=1")
    page.locator("a.product").first.click()
    page.wait_for_url("**/products/**")
    order_part(guest, provider="wechatpay")
    guest.pay_at_cashier()
    assert page.url != first
    page.locator("summary", has_text="Cancel this order").click()
    page.locator("button", has_text="Cancel the order").click()
    expect(page.locator("#id_reason")).to_have_attribute("aria-invalid", "true")
    guest.look_over()
    page.locator("#id_reason").fill("Ordered by mistake")
    page.locator("button", has_text="Cancel the order").click()
    expect(page.locator("h1")).to_have_text("Cancelled")
    guest.look_over()
    guest.await_on_order("Refunded")
    expect(page.locator("aside dl")).to_contain_text("Refunded")
    guest.look_over()


def order_part(guest: Visitor, *, provider: str) -> None:
    """From a product's page to the cashier, as a guest, delivered home."""
    page = guest.page
    page.locator("#buy .btn--primary").click()
    page.wait_for_url("**/cart/")
    guest.look_over()
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/")
    guest.look_over()
    page.locator(f"[name=provider][value={provider}]").check()
    page.locator("aside .btn--primary").click()
    # Everything that is missing is said at once, and what was chosen stays.
    expect(page.locator("#errors a")).to_have_count(7)
    expect(page.locator(f"[name=provider][value={provider}]")).to_be_checked()
    guest.look_over()
    page.locator("#errors a").first.click()
    expect(page.locator("#id_email")).to_be_focused()
    page.locator("#id_email").fill("guest@example.com")
    fill_in_address(page)
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/pay/**")


def test_everything_can_be_ordered_without_javascript(visit):
    visitor = visit(has_javascript=False)
    page = visitor.page

    visitor.go("/vehicles/jinghong/configure/?step=exterior")
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    page.locator("#step-finance").click()
    page.wait_for_url("**option-exterior=PAINT-CINNABAR**")
    expect(page.locator(".configure__picture").first).to_have_attribute("src", re.compile("jinghong/.*cinnabar"))
    page.locator("#order-now").click()
    page.wait_for_url("**/cart/")
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/")
    page.locator("[name=phone]").fill("13800138000")
    page.locator("[name=store_id]").select_option(label=STORE)
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/pay/**")
    expect(page.locator(".cashier .btn--primary")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1280, "zh-CN")])
def test_every_page_is_well_on_small_and_large_screens(width, language, visit):
    visitor = visit(language=language, viewport={"width": width, "height": 800})
    for path in (
        "/",
        "/vehicles/?body=suv",
        "/vehicles/?body=convertible",
        "/vehicles/yuanshan/",
        "/parts/?kind=accessory",
        "/search/?q=zzzz",
        "/packages/",
        "/stores/",
        "/cart/",
        "/account/login/",
        "/account/signup/",
    ):
        visitor.go(path)


def test_the_dark_is_as_legible_as_the_day(visit):
    visitor = visit()
    visitor.page.emulate_media(color_scheme="dark")
    for path in ("/", "/vehicles/jinghong/", "/parts/", "/stores/"):
        visitor.go(path)
