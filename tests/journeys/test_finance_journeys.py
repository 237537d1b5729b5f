"""A car with a loan and an old car in part exchange, in a real browser: from the calculator to the paid order."""

import io
import json
import urllib.request
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from apps.inventory.policies import vin_check_digit
from s2b2c.supervisor import system
from tests.journeys.figures.buyers import decide, order_of
from tests.journeys.outsider import Outsider
from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser, texts_of

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
STORE = "ST-SHANGHAI-PUDONG"
IDENTITY = "11010519491231002X"
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def finance_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(finance_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(finance_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def order_a_car(suite, email: str, product_id: int) -> tuple[str, int]:
    """Prepay a car as a member, collected in Pudong; the order's number and its total in whole yuan."""
    buyer = Outsider(suite.base_url).sign_in(email)
    store = next(one for one in buyer.get("stores/?city=Shanghai")["results"] if one["code"] == STORE)
    chosen = buyer.post("configurations/", {"product_id": product_id, "options": []}, status=201)
    wish = {"product_id": product_id, "quantity": 1, "configuration_id": chosen["id"]}
    buyer.cart = buyer.post("cart/lines/", wish)
    bought = buyer.check_out(
        fulfilment={"method": "pickup", "store_id": store["id"]}, payment={"provider": "wechatpay", "plan": "deposit"}
    )
    order = order_of(bought, "wechatpay")
    decide(order.action_url)
    paid = system.wait_until(
        lambda: buyer.get(f"orders/{order.number}/")["status"] == "DEPOSIT_PAID", seconds=60, every=0.5
    )
    assert paid
    return order.number, int(Decimal(order.total["amount"]))


def paper(name: str, mimetype: str = "image/png") -> dict[str, object]:
    """A scan as a browser hands it in."""
    content = io.BytesIO()
    Image.new("RGB", (480, 300), (210, 220, len(name) * 10)).save(content, "PNG")
    return {"name": name, "mimeType": mimetype, "buffer": content.getvalue()}


def decide_loan(suite, number: str, **decision: object) -> None:
    """Play the lender's desk, once the application has come there."""
    request = urllib.request.Request(  # noqa: S310
        f"{suite.sandbox_url}/lender/desk/{number}/",
        data=json.dumps({"notify": "once", **decision}).encode(),
        headers={"Content-Type": "application/json"},
    )

    def is_decided() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    assert system.wait_until(is_decided, seconds=60, every=0.5), f"the lender never had {number}"


def await_here(page: Page, selector: str) -> None:
    """Reload the page until it has ``selector``."""
    for _ in range(60):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{selector} never came:\n{page.locator('main').inner_text()}")


def refused(visitor: Visitor, button: str) -> None:
    """Press a button; what was typed is refused, and the page says so without a barrier, by day and by night."""
    visitor.page.locator(button).click()
    expect(visitor.page.locator("#errors").first).to_be_visible()
    visitor.look_over()
    look_at_night(visitor)
    # The refusal answered 422, which a browser writes down as an error.
    visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]


def look_at_night(visitor: Visitor) -> None:
    """Look the page over once more in dark colours."""
    visitor.page.emulate_media(color_scheme="dark")
    visitor.look_over()
    visitor.page.emulate_media(color_scheme="light")


def borrow(visitor: Visitor, suite, *, order: str, down: int) -> str:
    """Apply for a loan with papers and consent; the number of the application, which the lender then has."""
    page = visitor.page
    page.locator("[name=order]").select_option(order)
    page.locator("[name=down]").fill("100")
    refused(visitor, "main form .btn--primary")
    assert page.locator("[name=down]").input_value() == "100"
    page.locator("[name=down]").fill(str(down))
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/account/finance/loans/*/")
    visitor.look_over()
    look_at_night(visitor)
    number = page.url.rstrip("/").rpartition("/")[2]
    form = "form[action$='/describe/']"
    page.locator(f"{form} [name=name]").fill("周牧野")
    page.locator(f"{form} [name=identity_number]").fill("110105194912310021")
    page.locator(f"{form} [name=phone]").fill("13800138000")
    page.locator(f"{form} [name=monthly_income]").fill("18000")
    refused(visitor, f"{form} button")
    page.locator(f"{form} [name=identity_number]").fill(IDENTITY)
    page.locator(f"{form} button").click()
    page.locator("[name=file]").set_input_files(
        {"name": "id.jpg", "mimeType": "image/jpeg", "buffer": b"MZ this is no picture"}
    )
    refused(visitor, "form[action$='/document/'] button")
    assert page.locator("#errors a[href='#id_file']").count() == 1
    for kind in ("IDENTITY", "INCOME"):
        hand_in(page, kind)
    refused(visitor, "form[action$='/submit/'] button")
    send(page)
    visitor.look_over()
    return number


def hand_in(page: Page, kind: str) -> None:
    """Hand one paper in."""
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=file]").set_input_files(paper(f"{kind.lower()}.png"))
    page.locator("form[action$='/document/'] button").click()


def send(page: Page) -> None:
    """Agree, and send it to the lender."""
    page.locator("[name=consent]").check()
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator("form[action$='/submit/']")).to_have_count(0)


def sign(visitor: Visitor) -> None:
    """Sign the contract that was approved, and wait for the money."""
    page = visitor.page
    page.locator("[name=signer_name]").fill("王五")
    page.locator("[name=agree]").check()
    refused(visitor, "form[action$='/sign/'] button")
    page.locator("[name=signer_name]").fill("周牧野")
    page.locator("[name=agree]").check()
    page.locator("form[action$='/sign/'] button").click()
    await_here(page, ".notice--good a[href^='/orders/']")
    visitor.look_over()
    paper_of = visitor.context.request.get(f"{page.url}contract/")
    assert paper_of.ok
    assert paper_of.body().startswith(b"%PDF-")


def make_vin(serial: int) -> str:
    """A VIN with its check digit."""
    bare = f"LXC5B2D10MA{serial:06d}"
    return bare[:8] + vin_check_digit(bare) + bare[9:]


def trade_in(visitor: Visitor, clerk: Visitor, *, order: str, vin: str) -> None:
    """Have an old car valued, inspected at the store with pictures, and credited to the order."""
    page = visitor.page
    visitor.go("/finance/trade-in/")
    page.locator("[name=price_as_new]").fill("0")
    refused(visitor, "main form .btn--primary")
    for name, value in (("price_as_new", "60000"), ("first_registered", "2023-06-10"), ("mileage_km", "45000")):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=condition]").select_option("GOOD")
    page.locator("main form .btn--primary").click()
    visitor.look_over()
    page.locator("[name=car]").fill("L6 2023")
    page.locator("[name=vin]").fill(vin)
    page.locator("form[method=post] .btn--primary").last.click()
    page.wait_for_url("**/account/finance/trade-ins/*/")
    visitor.look_over()
    own, number = page.url, page.url.rstrip("/").rpartition("/")[2]
    store = (
        page.locator("[name=store] option")
        .filter(has_text="浦东")
        .or_(page.locator("[name=store] option").filter(has_text="Pudong"))
    )
    page.locator("[name=store]").select_option(store.first.get_attribute("value"))
    page.locator("form[action$='/accept/'] .btn--primary").click()
    visitor.look_over()

    clerk.go(f"/dealer/trade-ins/{number}/")
    look_at_night(clerk)
    desk = clerk.page
    desk.locator("[name=photo-photo]").set_input_files(
        {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": b"MZ this is no picture"}
    )
    refused(clerk, "form[action$='/photos/'] button")
    for shows in ("FRONT", "DAMAGE"):
        desk.locator("[name=photo-shows]").select_option(shows)
        desk.locator("[name=photo-photo]").set_input_files(paper(f"{shows.lower()}.png"))
        desk.locator("form[action$='/photos/'] button").click()
    expect(desk.locator(".service-photos img")).to_have_count(2)
    desk.locator("[name=deduction]").fill("600")
    refused(clerk, "button[value=inspect]")
    desk.locator("[name=note]").fill("Two tyres")
    desk.locator("button[value=inspect]").click()
    clerk.look_over()

    page.goto(own)
    expect(page.locator(".service-photos img")).to_have_count(2)
    visitor.look_over()
    page.locator("form[action$='/credit/'] [name=order]").select_option(order)
    page.locator("form[action$='/credit/'] .btn--primary").click()
    expect(page.locator(".notice--good a[href^='/orders/']")).to_be_visible()
    visitor.look_over()


@pytest.mark.parametrize(
    ("email", "phone", "language", "viewport", "serial"),
    [
        ("consumer@demo.example", "19900000001", "zh-CN", PHONE, 871001),
        ("consumer2@demo.example", "19900000002", "en-US", DESKTOP, 871002),
    ],
)
def test_a_car_is_paid_with_a_loan_an_old_car_and_the_rest(
    suite, visit, cars, email, phone, language, viewport, serial
):
    order, total = order_a_car(suite, email, cars[0]["id"])
    visitor = visit(language=language, viewport=viewport)
    visitor.sign_in(email, PASSWORD)
    page = visitor.page
    visitor.go("/finance/")
    look_at_night(visitor)
    page.locator("[name=price]").fill("1")
    refused(visitor, "main form .btn--primary")
    page.locator("[name=price]").fill(str(total))
    down = total // 200 * 100
    page.locator("[name=down]").fill(str(down))
    page.locator(".finance__other summary").click()
    page.locator("[name=rate]").fill("3")
    page.locator("[name=is_flat]").check()
    page.locator("main form .btn--primary").click()
    visitor.look_over()
    # "3 % flat a year" over three years is 5.68 %, whatever the price.
    expect(page.locator(".finance__plans .card--mist")).to_contain_text("5.68")
    page.locator(".finance__plans a[href*='XC-EASY']").click()
    page.wait_for_url("**/account/finance/apply/**")
    visitor.look_over()

    number = borrow(visitor, suite, order=order, down=down)
    decide_loan(suite, number, decision="more", asked_for=["RESIDENCE"])
    await_here(page, "form[action$='/document/']")
    visitor.look_over()
    hand_in(page, "RESIDENCE")
    send(page)
    decide_loan(suite, number, decision="approve")
    await_here(page, "form[action$='/sign/']")
    visitor.look_over()
    look_at_night(visitor)
    sign(visitor)
    assert system.wait_until(lambda: len(loan_texts(suite, phone)) >= 3, seconds=60, every=0.5)

    clerk = visit(language=language, viewport=viewport)
    clerk.sign_in("clerk@demo.example", PASSWORD)
    trade_in(visitor, clerk, order=order, vin=make_vin(serial))

    visitor.go("/account/finance/")
    look_at_night(visitor)
    visitor.go(f"/orders/{order}/")
    page.locator("button[name=provider]").first.click()
    page.wait_for_url("**/checkout/pay/**")
    visitor.pay_at_cashier()
    paid = Outsider(suite.base_url).sign_in(email)
    assert system.wait_until(
        lambda: paid.get(f"orders/{order}/")["balance_due"]["amount"] == "0.00", seconds=60, every=0.5
    )


def loan_texts(suite, phone: str) -> list[str]:
    """What the phone was told about loans."""
    return [
        text
        for text in texts_of(suite, phone)
        if "贷款" in text or "放款" in text or "loan" in text or "paid CNY" in text
    ]


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "light"), ("en-US", "dark")])
def test_who_has_nothing_financed_sees_where_to_begin(suite, visit, language, scheme):
    visitor = visit(language=language, viewport=NARROW)
    visitor.page.emulate_media(color_scheme=scheme)
    for path in ("/finance/", "/finance/trade-in/", "/finance/?price=200000&down=199000&months=36&rate=-1"):
        visitor.go(path)
    visitor.sign_in("editor@demo.example", PASSWORD)
    for path in ("/account/messages/", "/account/finance/", "/account/finance/apply/"):
        visitor.go(path)
        expect(visitor.page.locator(".empty")).to_be_visible()
