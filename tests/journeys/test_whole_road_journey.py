"""One person, one car: driven, financed, ordered, fetched, serviced. Every step in a real browser, at two widths."""

import json
import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.figures.books import eventually
from tests.journeys.figures.buyers import decide, order_of
from tests.journeys.outsider import Outsider
from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser
from tests.journeys.test_contract_partners import pickup_code
from tests.journeys.test_finance_journeys import await_here, borrow, decide_loan, make_vin, order_a_car, sign, trade_in
from tests.journeys.test_handover_journeys import NEWCOMER, choose_time, walk
from tests.journeys.test_service_journeys import book_with_package, open_work_order

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"


@pytest.fixture(scope="module")
def road_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(road_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(email, **options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(email: str, **options) -> Visitor:
        visitors.append(Visitor(road_browser, suite, **options))
        visitors[-1].sign_in(email, PASSWORD)
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def drive(buyer: Visitor, clerk: Visitor) -> None:
    """Book a test drive from the car's page, be checked in, and be asked what one thinks."""
    page = buyer.page
    buyer.go("/vehicles/qinglan/")
    page.locator("main a[href='/test-drives/qinglan/']").click()
    page.locator("main a.btn--primary[href$='/st-shanghai-pudong/']").click()
    page.locator(".drive-times a:not(.drive-times__taken)").first.click()
    page.locator("[name=licence_class]").select_option("C1")
    page.locator("[name=expires_on]").fill("2035-01-01")
    page.locator("[name=born_on]").fill("1990-05-01")
    page.locator("[name=agree]").check()
    page.locator("main form.stack button.btn--primary").click()
    page.wait_for_url("**/account/test-drives/*/")
    number = page.url.rstrip("/").rpartition("/")[2]
    desk = clerk.page
    clerk.go("/dealer/test-drives/")
    drives = desk.locator(".dealer__card a.todo__name")
    for address in [drives.nth(index).get_attribute("href") for index in range(drives.count())][::-1]:
        desk.goto(str(address))
        if number in desk.title():
            break
    assert number in desk.title()
    desk.locator("form[action$='/confirm/'] button").click()
    desk.locator("[name=check-in-kilometres_out]").fill("1200")
    desk.locator("form[action$='/check-in/'] button").click()
    desk.locator("[name=complete-outcome]").select_option("THINKING")
    desk.locator("form[action$='/complete/'] button").click()
    clerk.look_over()
    page.reload()
    expect(page.locator("[name=stars]")).to_be_visible()


def finance(buyer: Visitor, clerk: Visitor, suite, *, order: str, total: int, serial: int) -> None:
    """Borrow half of it, give an old car in part exchange, pay the rest."""
    page = buyer.page
    down = total // 200 * 100
    buyer.go(f"/finance/?price={total}&down={down}")
    page.locator(".finance__plans a[href*='XC-EASY']").click()
    page.wait_for_url("**/account/finance/apply/**")
    number = borrow(buyer, suite, order=order, down=down)
    decide_loan(suite, number, decision="approve")
    await_here(page, "form[action$='/sign/']")
    sign(buyer)
    trade_in(buyer, clerk, order=order, vin=make_vin(serial))
    buyer.go(f"/orders/{order}/")
    page.locator("button[name=provider]").first.click()
    page.wait_for_url("**/checkout/pay/**")
    buyer.pay_at_cashier()


def fetch(buyer: Visitor, clerk: Visitor, suite, *, order: str, email: str, phone: str) -> None:
    """Choose a time once the car is there, and walk its handover at the store; the car is then in the account."""
    owner, dealer = Outsider(suite.base_url).sign_in(email), Outsider(suite.base_url).sign_in("dealer@demo.example")
    order_now = eventually(
        lambda: owner.get(f"orders/{order}/"),
        lambda found: found["balance_due"]["amount"] == "0.00" and found["seller_orders"],
        seconds=60,
    )
    fulfilment = order_now["seller_orders"][0]["fulfilments"][0]["id"]
    for move in ("accept", "arrive"):
        dealer.post(f"dealer/fulfilments/{fulfilment}/{move}/")
    here = choose_time(buyer, str(fulfilment), order)
    for move in ("pdi", "ready"):
        dealer.post(f"dealer/fulfilments/{fulfilment}/{move}/")
    clerk.go(f"/dealer/handovers/{fulfilment}/")
    walk(clerk, name="周牧野", code=lambda: pickup_code(suite, phone))
    eventually(
        lambda: (buyer.page.goto(here), buyer.page.locator("main a[href*='/account/vehicles/']").count())[1],
        lambda found: found > 0,
        seconds=60,
    )
    assert owner.get(f"orders/{order}/")["status"] == "COMPLETED"


def buy_package(suite, *, email: str, phone: str) -> None:
    """Buy a service package, paid at once; it becomes an entitlement."""
    owner = Outsider(suite.base_url).sign_in(email)
    package = owner.get("products/?kind=package&ordering=price")["results"][0]
    owner.cart = owner.post("cart/lines/", {"product_id": package["id"], "quantity": 1})
    store = next(one for one in owner.get("stores/?city=Shanghai")["results"] if one["code"] == "ST-SHANGHAI-PUDONG")
    pickup = {"method": "pickup", "store_id": store["id"]}
    bought = owner.check_out(key=str(uuid.uuid4()), email=email, phone=phone, fulfilment=pickup)
    decide(order_of(bought, "wechatpay").action_url)
    eventually(lambda: owner.get("me/entitlements/")["results"], lambda found: found, seconds=60)


def serve(buyer: Visitor, clerk: Visitor, suite, *, email: str) -> None:
    """Book the first service on the package, and have it done; the package has one service less."""
    owner = Outsider(suite.base_url).sign_in(email)
    buyer.page.locator("main a[href*='/account/vehicles/']").first.click()
    buyer.look_over()
    book_with_package(buyer)
    number = buyer.page.url.rstrip("/").rpartition("/")[2]
    open_work_order(clerk, number)
    desk = clerk.page
    desk.locator("[name=check-in-kilometres]").fill("5200")
    desk.locator("form[action$='/check-in/'] button").click()
    desk.locator("form[action$='/finish/'] button").click()
    clerk.look_over()
    (package,) = owner.get("me/entitlements/")["results"]
    assert sum(service["redeemed"] for service in package["services"]) == 1, package


@pytest.mark.parametrize(
    ("number", "language", "viewport"),
    [(7, "zh-CN", PHONE), (8, "en-US", DESKTOP)],
)
def test_from_the_first_drive_to_the_first_service(visit, suite, cars, number, language, viewport):
    email, phone = f"road{number}@journeys.example", f"1350013700{number}"
    words = {"email": email, "phone": phone, "name": "周牧野", "language": "zh-hans" if number == 7 else "en"}
    assert json.loads(suite.manage("shell", "-v", "0", "-c", NEWCOMER.format(**words)).strip().splitlines()[-1])
    options = {"language": language, "viewport": viewport}
    buyer, clerk = visit(email, **options), visit("clerk@demo.example", **options)

    drive(buyer, clerk)
    order, total = order_a_car(suite, email, cars[0]["id"])
    finance(buyer, clerk, suite, order=order, total=total, serial=872000 + number)
    fetch(buyer, clerk, suite, order=order, email=email, phone=phone)
    buy_package(suite, email=email, phone=phone)
    serve(buyer, clerk, suite, email=email)
