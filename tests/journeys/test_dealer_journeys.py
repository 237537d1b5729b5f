"""A dealer's day in the browser: let in, authorized for one region, an order of that region, its car, its lead."""

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
from tests.journeys.shop_visit import PHONE, Visitor, open_browser
from tests.journeys.test_contract_partners import pickup_code

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
BUYER_PHONE = "13600136009"
STORE = "星驰上海浦东体验中心"

# Applies, hands everything in and is approved; two stores, in Suzhou and in Wuxi; authorized for Suzhou alone.
LET_IN = """
import json
from django.utils import timezone
from apps.accounts.api import OrganizationMember, User
from apps.dealers.api import Dealer
from tests.factories.dealers import make_authorization, make_store
from itertools import count

from tests.factories import onboarding

now = timezone.now()
# Others on this suite may have handed in the first papers already.
onboarding.numbers = count(int(now.timestamp()) % 900_000 + 50_000)
hq = User.objects.get(email="hq@demo.example")
application = onboarding.approved(kind="DEALER", by=hq, now=now)
dealer = Dealer.objects.get(organization=application.organization)
places = {
    "suzhou": ("江苏省", "Jiangsu", "320000", "苏州市", "Suzhou", "320500", "姑苏区", "Gusu", "320508"),
    "wuxi": ("江苏省", "Jiangsu", "320000", "无锡市", "Wuxi", "320200", "梁溪区", "Liangxi", "320213"),
}
stores = {}
for name, row in places.items():
    columns = ("province", "province_en", "province_code", "city", "city_en", "city_code")
    columns += ("district", "district_en", "district_code")
    stores[name] = make_store(dealer=dealer, code=f"st-{name}-{dealer.pk}", **dict(zip(columns, row))).pk
make_authorization(dealer=dealer, region_code="320500")
manager = OrganizationMember.objects.live().get(organization=application.organization).user
manager.set_password("demo-pass-2026")
manager.save()
print(json.dumps({"email": manager.email, "stores": stores}))
"""


@pytest.fixture(scope="module")
def dealer_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(dealer_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(dealer_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


@pytest.fixture(scope="module")
def newcomer(suite) -> dict:
    """A dealer that was just let in: its manager's address and its stores."""
    return json.loads(suite.manage("shell", "-v", "0", "-c", LET_IN).strip().splitlines()[-1])


def photo() -> dict:
    """A picture as a phone takes it."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "silver").save(content, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def want_car(guest, car: dict) -> None:
    """Put a standard car into the cart."""
    chosen = guest.post("configurations/", {"product_id": car["id"], "options": []}, status=201)
    wish = {"product_id": car["id"], "quantity": 1, "configuration_id": chosen["id"]}
    guest.cart = guest.post("cart/lines/", wish)


def order_at(guest, store_id: int):
    """Order what is in the cart, paid in full, to be fetched at a store; the answer of the checkout."""
    fulfilment = {"method": "pickup", "store_id": store_id}
    return guest.check_out(key=str(uuid.uuid4()), email="", phone=BUYER_PHONE, fulfilment=fulfilment)


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
    expect(page.locator("#id_drawn")).to_have_value(re.compile("^data:image/png;base64,"))


def test_a_new_dealer_gets_the_order_of_its_region_and_hands_the_car_over(visit, suite, newcomer, guest, cars):
    want_car(guest, cars[0])
    refused = order_at(guest, newcomer["stores"]["wuxi"])
    assert (refused.status, refused.code) == (409, "dealer_not_authorized"), refused
    bought = order_at(guest, newcomer["stores"]["suzhou"])
    assert bought.status == 201, bought
    order = order_of(bought, "wechatpay")
    decide(order.action_url)
    eventually(lambda: guest.read(order)["seller_orders"], lambda parts: parts, seconds=60)

    dealer = visit()
    page = dealer.page
    dealer.sign_in(newcomer["email"], PASSWORD)
    dealer.go("/dealer/")
    expect(page.locator("main")).to_contain_text(order.number)
    # One press on the home accepts it; the rest is done on the order's page.
    page.locator(".todo__row button.btn--primary").first.click()
    page.wait_for_url("**/dealer/")
    dealer.look_over()
    page.locator(".todo__row .todo__name").first.click()
    page.wait_for_url("**/dealer/orders/*/")
    dealer.look_over()
    here = page.url
    page.locator("aside button.btn--primary").click()
    expect(page.locator(".portal__heading .badge--accent")).to_have_text("已到店")
    page.locator("aside button.btn--primary").click()
    page.wait_for_url("**/dealer/inspections/*/")
    dealer.look_over()

    page.locator(".pdi__result--ok").first.wait_for()
    for choice in page.locator(".pdi__result--ok").all():
        choice.click()
    page.locator("#item-paint .pdi__result--fault").click()
    page.locator("#note-paint").fill("左前门有划痕")
    for item in page.locator(".pdi:has(legend .muted)").all():
        item.locator("input[type=file]").set_input_files(photo())
    page.locator("button:not([name])", has_text="保存").click()
    page.wait_for_load_state()
    expect(page.locator("#note-paint")).to_have_value("左前门有划痕")
    page.locator("#repair-paint").fill("已抛光修复")
    draw_signature(page)
    page.locator("button[name=sign]").click()
    page.wait_for_url(here)
    expect(page.locator(".portal__heading .badge--accent")).to_have_text("已检查")
    dealer.look_over()
    page.locator("aside button.btn--primary").click()
    expect(page.locator("[name=code]")).to_be_visible()
    page.locator("[name=code]").fill(pickup_code(suite, BUYER_PHONE))
    page.locator("aside button.btn--primary").click()
    expect(page.locator(".portal__heading .badge--accent")).to_have_text("已交付")
    dealer.look_over()
    expect(page.locator("main")).not_to_contain_text("138****")
    assert guest.read(order)["status"] == "COMPLETED"
    paper = dealer.context.request.get(f"{here}order.pdf")
    assert paper.body().startswith(b"%PDF-")

    neighbor = visit()
    neighbor.sign_in("dealer2@demo.example", PASSWORD)
    neighbor.go("/dealer/orders/?show=done")
    expect(neighbor.page.locator("main")).not_to_contain_text(order.number)


def test_somebody_asks_without_a_script_and_the_store_calls(visit):
    asker = visit(has_javascript=False, viewport=PHONE)
    page = asker.page
    asker.go("/vehicles/jinghong/talk/?trim=JINGHONG-EV-680&option=PAINT-CINNABAR")
    expect(page.locator("main")).to_contain_text("¥295,800")
    page.locator("#id_store").select_option(label=STORE)
    page.locator("#id_name").fill("何知秋")
    page.locator("#id_phone").fill("13500135009")
    page.locator("#id_message").fill("周末可以试驾吗？")
    page.locator("#id_consent").check()
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**sent=**")
    expect(page.locator("main .notice--good")).to_contain_text(STORE)
    asker.look_over()

    seller = visit()
    page = seller.page
    seller.sign_in("dealer@demo.example", PASSWORD)
    seller.go("/dealer/leads/")
    page.locator(".todo__name", has_text="何知秋").click()
    page.wait_for_url("**/dealer/leads/*/")
    seller.look_over()
    expect(page.locator("main")).to_contain_text("135****5009")
    expect(page.locator("main")).to_contain_text("周末可以试驾吗？")
    page.locator("summary", has_text="查看完整号码").click()
    page.locator("#reason").fill("致电客户")
    page.locator("details[open] .btn").click()
    expect(page.locator("#phone")).to_contain_text("13500135009")
    seller.look_over()
    page.goto(page.url.replace("/reveal/", "/"))
    page.locator("#id_f-kind").select_option("CALL_REACHED")
    page.locator("#id_f-next_step").fill("周六上午试驾")
    page.locator("main form .btn--primary").click()
    expect(page.locator("main")).to_contain_text("周六上午试驾")
    page.locator("a", has_text="开报价单").click()
    page.wait_for_url("**/dealer/quotes/new/**")
    seller.look_over()
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/dealer/quotes/Q*/")
    seller.look_over()
    expect(page.locator("main")).to_contain_text("¥295,800")
    expect(page.locator("main")).to_contain_text("结果分毫不差")
    for link in page.locator("main a[href*='.pdf']").all():
        assert seller.context.request.get(link.get_attribute("href")).body().startswith(b"%PDF-")


@pytest.mark.parametrize(("width", "language"), [(320, "en-US"), (1280, "zh-CN")])
def test_every_page_of_the_portal_is_well_on_small_and_large_screens(width, language, visit):
    visitor = visit(language=language, viewport={"width": width, "height": 800})
    visitor.sign_in("dealer@demo.example", PASSWORD)
    for path in (
        "",
        "orders/",
        "orders/?show=done",
        "orders/?q=zzz",
        "leads/",
        "leads/?show=closed",
        "leads/new/",
        "leads/sellers/",
        "quotes/",
        "quotes/new/",
        "stock/",
        "stock/parts/",
        "customers/",
        "standing/",
        "messages/",
        "statements/",
    ):
        visitor.go(f"/dealer/{path}")
