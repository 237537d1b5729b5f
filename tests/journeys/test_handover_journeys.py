"""From the car's arrival to its first service: a time, the tablet at the store, the keys, in a real browser."""

import io
import json
import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.figures.books import eventually
from tests.journeys.figures.buyers import decide, order_of
from tests.journeys.outsider import Outsider
from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser
from tests.journeys.test_contract_partners import pickup_code

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TABLET = {"width": 1024, "height": 768}
# A consumer with a verified number, whom no other journey knows.
NEWCOMER = """
import json
from django.utils import timezone
from apps.accounts.api import create_user_account
user = create_user_account(
    email="{email}", password="demo-pass-2026", display_name="{name}", phone="{phone}", language="{language}",
    by=None, now=timezone.now(),
)
print(json.dumps({{"verified": user.is_phone_verified}}))
"""


@pytest.fixture(scope="module")
def handover_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(handover_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(handover_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def photo() -> dict:
    """A picture as a tablet takes it."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "silver").save(content, "JPEG")
    return {"name": "car.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def buy_car(suite, car: dict, *, email: str, phone: str):
    """Order a standard car, paid in full, to be fetched in Pudong; the order."""
    buyer = Outsider(suite.base_url).sign_in(email)
    chosen = buyer.post("configurations/", {"product_id": car["id"], "options": []}, status=201)
    wish = {"product_id": car["id"], "quantity": 1, "configuration_id": chosen["id"]}
    buyer.cart = buyer.post("cart/lines/", wish)
    stores = buyer.get("stores/?city=Shanghai")["results"]
    store = next(store for store in stores if store["code"] == "ST-SHANGHAI-PUDONG")
    pickup = {"method": "pickup", "store_id": store["id"]}
    bought = buyer.check_out(key=str(uuid.uuid4()), email=email, phone=phone, fulfilment=pickup)
    assert bought.status == 201, bought
    order = order_of(bought, "wechatpay")
    decide(order.action_url)
    (seller,) = eventually(lambda: buyer.read(order)["seller_orders"], lambda parts: parts, seconds=60)
    return order, seller["fulfilments"][0]["id"]


def draw_signature(page: Page) -> None:
    """Draw a line on the signature's field, as a finger would."""
    page.locator(".signature").scroll_into_view_if_needed()
    canvas = page.locator(".signature canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 60 + (25 if step % 2 else -25))
    page.mouse.up()
    expect(page.locator("#id_sign-drawn")).to_have_value(re.compile("^data:image/png;base64,"))


def step_of(page: Page, code: str):
    """The form of a step that is done now."""
    return page.locator(f"#step-{code}[aria-current=step] form")


def open_whole_day(page: Page) -> None:
    """Look at a day of which no hour is too near, whatever the time is now."""
    page.locator(".drive-days a").nth(2).click()
    page.wait_for_url("**day=*")


def choose_time(buyer: Visitor, number: str, order: str) -> str:
    """From the account to a booked time, and from there to another; the address of the handover."""
    page = buyer.page
    buyer.go("/account/")
    page.locator(f"main a.btn--primary[href*='/orders/{order}/handovers/']").click()
    page.wait_for_url("**/time/")
    buyer.look_over()
    open_whole_day(page)
    page.locator(".drive-times button:not([disabled])").first.click()
    page.wait_for_url(f"**/handovers/{number}/")
    buyer.look_over()
    here = page.url
    first = page.locator(".handover-time").get_attribute("datetime")
    assert buyer.context.request.get(f"{here}calendar.ics").text().startswith("BEGIN:VCALENDAR")
    page.locator("main a[href$='/time/']").click()
    open_whole_day(page)
    page.locator(".drive-times button:not([disabled])").last.click()
    page.wait_for_url(here)
    assert page.locator(".handover-time").get_attribute("datetime") != first
    return here


def walk(clerk: Visitor, *, name: str, code: Callable[[], str]) -> None:
    """Walk the steps at the store, each once wrong where that is easily done."""
    page = clerk.page
    page.locator("form[action$='/begin/'] button").click()
    clerk.look_over()
    step_of(page, "identity").locator("button").click()
    expect(page.locator("#errors")).to_be_visible()
    clerk.look_over()
    form = step_of(page, "identity")
    form.locator("input[value=BUYER]").check()
    form.locator("select").select_option("ID_CARD")
    form.locator("input[type=text]").fill(name)
    form.locator("button").click()
    for kind in ("papers", "pack"):
        form = step_of(page, kind)
        expect(form).to_be_visible()
        boxes = form.locator("input[type=checkbox]").all()
        for box in boxes[1:]:
            box.check()
        form.locator("button").click()
        expect(page.locator(f"#step-{kind} .handover-choice--wrong")).to_have_count(1)
        clerk.look_over()
        step_of(page, kind).locator("input[type=checkbox]").first.check()
        step_of(page, kind).locator("button").click()
        expect(page.locator(f"#step-{kind} .badge--good")).to_be_visible()
    form = step_of(page, "photos")
    form.locator("input[type=file]").set_input_files(photo())
    form.locator("button").click()
    expect(page.locator(".handover-photos img")).to_have_count(1)
    clerk.look_over()
    form = step_of(page, "signature")
    form.locator("[name=sign-kilometres]").fill("8")
    form.locator("[name=sign-agree]").check()
    expect(form.locator("[name=sign-name]")).to_have_value(name)
    if clerk.has_javascript:
        draw_signature(page)
    form.locator("button.btn--primary").click()
    form = step_of(page, "code")
    expect(form).to_be_visible()
    clerk.look_over()
    form.locator("input[type=text]").fill(code())
    form.locator("button").click()
    expect(page.locator("#step-code .badge--good")).to_be_visible()
    clerk.look_over()
    # What was refused on purpose answered 422.
    clerk.complaints[:] = [one for one in clerk.complaints if "422" not in one]


@pytest.mark.parametrize(
    ("number", "language", "viewport", "at_store", "has_javascript"),
    [
        (1, "zh-CN", PHONE, PHONE, False),
        (2, "en-US", DESKTOP, TABLET, True),
        (3, "zh-CN", DESKTOP, DESKTOP, True),
    ],
)
def test_a_car_is_fetched_by_appointment(visit, suite, cars, number, language, viewport, at_store, has_javascript):
    email, phone = f"fetcher{number}@journeys.example", f"1350013700{number}"
    name = "林知夏" if language == "zh-CN" else "Robin Lin"
    words = {"email": email, "phone": phone, "name": name, "language": "zh-hans" if language == "zh-CN" else "en"}
    assert json.loads(suite.manage("shell", "-v", "0", "-c", NEWCOMER.format(**words)).strip().splitlines()[-1])
    order, fulfilment = buy_car(suite, cars[number % len(cars)], email=email, phone=phone)
    dealer = Outsider(suite.base_url).sign_in("dealer@demo.example")
    for move in ("accept", "arrive"):
        dealer.post(f"dealer/fulfilments/{fulfilment}/{move}/")

    buyer = visit(language=language, viewport=viewport, has_javascript=has_javascript)
    buyer.sign_in(email, PASSWORD)
    here = choose_time(buyer, str(fulfilment), order.number)

    clerk = visit(language=language, viewport=at_store, has_javascript=has_javascript)
    clerk.sign_in("clerk@demo.example", PASSWORD)
    clerk.go("/dealer/handovers/")
    day = buyer.page.locator(".handover-time").get_attribute("datetime")[:10]
    clerk.go(f"/dealer/handovers/day/?store=ST-SHANGHAI-PUDONG&day={day}")
    booked = clerk.page.locator(f".day a[href='/dealer/handovers/{fulfilment}/']")
    if has_javascript:
        # An hour earlier, without a mouse.
        before = booked.locator("strong").inner_text()
        booked.focus()
        for key in ("Space", "ArrowUp", "Enter"):
            clerk.page.keyboard.press(key)
        expect(clerk.page.locator(".notice--good")).to_be_visible()
        clerk.look_over()
        expect(booked).to_be_focused()
        assert booked.locator("strong").inner_text() < before
    booked.click()
    clerk.look_over()
    for move in ("pdi", "ready"):
        dealer.post(f"dealer/fulfilments/{fulfilment}/{move}/")
    clerk.page.reload()
    walk(clerk, name=name, code=lambda: pickup_code(suite, phone))

    # The car is registered and the record printed within a minute or two.
    eventually(
        lambda: (buyer.page.goto(here), buyer.page.locator("main a[href*='/account/vehicles/']").count())[1],
        lambda found: found > 0,
        seconds=60,
    )
    buyer.look_over()
    if number == 2:
        eventually(
            lambda: (buyer.page.reload(), buyer.page.locator("main a[href$='record.pdf']").count())[1],
            lambda found: found > 0,
            seconds=150,
        )
        paper = buyer.context.request.get(f"{here}record.pdf")
        assert paper.body().startswith(b"%PDF-")
        buyer.look_over()
    buyer.page.locator("main a.btn--primary[href*='/service/']").click()
    buyer.look_over()
    buyer.page.locator("main a.btn--primary[href*='st-shanghai-pudong']").click()
    buyer.look_over()
    buyer.page.locator(".drive-times button:not([disabled])").last.click()
    buyer.page.wait_for_url("**/account/service/*/")
    buyer.look_over()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_empty_pages_say_what_comes_next(visit, scheme):
    manager = visit(viewport=PHONE if scheme == "dark" else DESKTOP)
    manager.page.emulate_media(color_scheme=scheme)
    manager.sign_in("dealer2@demo.example", PASSWORD)
    for path in ("", "?show=past", "day/"):
        manager.go(f"/dealer/handovers/{path}")
