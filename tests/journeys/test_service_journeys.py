"""Service after the sale in a real browser, at two widths: from one's car to its paid work order; a car passed on."""

import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
STORE = "st-shanghai-pudong"
# Cars of the demo's consumers: one of the first's, one with a recall of the second's.
OWN = {"consumer@demo.example": "LXCA1ER27SZ000101", "consumer2@demo.example": "LXCA1PF56SZ000102"}


@pytest.fixture(scope="module")
def service_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(service_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(email: str, **options) -> Visitor:
        visitors.append(Visitor(service_browser, suite, **options))
        visitors[-1].sign_in(email, PASSWORD)
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def picture() -> dict[str, object]:
    """A small PNG, as a phone would send one."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size, rows = 8, b"".join(b"\x00" + b"\x80\x40\x20" * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return {"name": "found.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + body}


def open_car(owner: Visitor, email: str) -> None:
    """From the account to one's own car, and on to the first step of booking."""
    owner.go("/account/vehicles/")
    row = owner.page.locator(".drive-stores > li").filter(has_text=OWN[email][-6:])
    row.locator("a.quiet").click()
    owner.look_over()


def book_with_package(owner: Visitor) -> None:
    """Choose a service that a package pays for and one that it does not, a store, and the first free time."""
    owner.page.locator("main a.btn--primary[href^='/service/']").first.click()
    owner.look_over()
    package = owner.page.locator("main input[name=work][value*=':']").first
    assert package.count(), "no service is left of the package"
    package.check()
    owner.page.locator("main input[name=work][value='ALIGNMENT']").check()
    for plan in owner.page.locator("main input[name=plan]").all():
        plan.uncheck()
    owner.page.locator("main form button.btn--primary").click()
    owner.look_over()
    owner.page.locator(f"main a.btn--primary[href*='/stores/{STORE}/']").click()
    owner.look_over()
    owner.page.locator("[name=words]").fill("前轮有异响")
    owner.page.locator(".drive-times button:not([disabled])").last.click()
    owner.page.wait_for_url("**/account/service/*/")
    owner.look_over()


def open_work_order(clerk: Visitor, number: str) -> None:
    """Find the work order in the dealer's list, as the clerk does."""
    clerk.go("/dealer/service/")
    pages = clerk.page.locator(".dealer__card a.todo__name")
    for address in [pages.nth(index).get_attribute("href") for index in range(pages.count())]:
        clerk.page.goto(str(address))
        if number in clerk.page.title():
            break
    assert number in clerk.page.title()
    clerk.look_over()


@pytest.mark.parametrize(
    ("email", "language", "viewport", "has_javascript"),
    [
        ("consumer@demo.example", "zh-CN", PHONE, False),
        ("consumer2@demo.example", "en-US", DESKTOP, True),
    ],
)
def test_a_car_is_serviced_from_booking_to_payment(visit, email, language, viewport, has_javascript):
    options = {"language": language, "viewport": viewport, "has_javascript": has_javascript}
    owner = visit(email, **options)
    open_car(owner, email)
    used = owner.page.locator("main article.card dd").all_inner_texts()
    book_with_package(owner)
    own = owner.page.url
    number = own.rstrip("/").rpartition("/")[2]

    clerk = visit("clerk@demo.example", **options)
    open_work_order(clerk, number)
    clerk.page.locator("form[action$='/check-in/'] button").click()
    clerk.look_over()
    expect(clerk.page.locator("#errors a")).to_have_attribute("href", "#id_check-in-kilometres")
    clerk.complaints = [said for said in clerk.complaints if "/check-in/" not in said and "422" not in said]
    clerk.page.locator("[name=check-in-kilometres]").fill("20500")
    clerk.page.locator("form[action$='/check-in/'] button").click()
    clerk.look_over()
    clerk.page.locator("[name=finding-text]").fill("前刹车片仅剩 2 毫米")
    clerk.page.locator("[name=finding-urgency]").select_option("NOW")
    clerk.page.locator("form[action$='/finding/'] button").click()
    clerk.page.locator("summary:has(~ form[action$='/photo/'])").click()
    clerk.page.locator("[name=photo-photo]").set_input_files(picture())
    clerk.page.locator("form[action$='/photo/'] button").click()
    clerk.page.locator("summary:has(~ form[action$='/propose/'])").click()
    clerk.look_over()
    clerk.page.locator("[name=propose-labour]").fill("260")
    clerk.page.locator("form[action$='/propose/'] button").click()
    clerk.look_over()
    expect(clerk.page.locator("form[action$='/finish/']")).to_have_count(0)

    owner.page.goto(own)
    expect(owner.page.locator(".service-photos img")).to_be_visible()
    owner.look_over()
    owner.page.locator("button[name=answer][value=approve]").click()
    owner.look_over()

    clerk.page.reload()
    clerk.page.locator("form[action$='/finish/'] button").click()
    clerk.look_over()
    owner.page.goto(own)
    owner.look_over()
    owner.page.locator("form[action$='/pay/'] button[value=wechatpay]").click()
    owner.page.wait_for_url("**/pay/")
    owner.look_over()
    owner.page.locator("main .cashier a.btn--primary").click()
    owner.page.wait_for_url(f"{owner.suite.sandbox_url}/**")
    owner.page.locator("button[value=success]").click()
    owner.page.wait_for_load_state()
    owner.page.goto(own)
    for _ in range(30):
        if not owner.page.locator("form[action$='/pay/']").count():
            break
        owner.page.wait_for_timeout(500)
        owner.page.reload()
    owner.look_over()
    expect(owner.page.locator("form[action$='/pay/']")).to_have_count(0)
    clerk.page.reload()
    clerk.look_over()
    expect(clerk.page.locator("form[action$='/settle/']")).to_have_count(0)

    open_car(owner, email)
    expect(owner.page.locator("#history ~ ul")).to_contain_text("20,500")
    assert owner.page.locator("main article.card dd").all_inner_texts() != used


LATER = timedelta(hours=2)


def book_two(owner: Visitor, clerk: Visitor) -> datetime:
    """Book an hour's work twice, two hours apart, on a day some days ahead on which the workshop has nothing yet."""
    page, work = owner.page, "?work=ALIGNMENT"
    page.goto("/account/vehicles/")
    page.locator(".drive-stores > li").filter(has_text=OWN["consumer2@demo.example"][-6:]).locator("a.quiet").click()
    first_step = page.locator("main a.btn--primary[href^='/service/']").first.get_attribute("href")
    times = f"{first_step}stores/{STORE}/{work}"
    page.goto(times)
    days = page.locator(".drive-days a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for chosen in days[4:]:
        page.goto(times.partition("?")[0] + chosen)
        free = page.locator(".drive-times button:not([disabled])")
        offered = free.evaluate_all("buttons => buttons.map(button => [button.innerText, +button.value])")
        whole = {at for clock, at in offered if clock.endswith(":00")}
        fitting = sorted(at for at in whole if at + LATER.seconds in whole)
        if not fitting or has_cards(clerk, chosen.partition("day=")[2][:10]):
            continue
        for at in (fitting[0], fitting[0] + LATER.seconds):
            page.goto(times.partition("?")[0] + chosen)
            page.locator(f".drive-times button[value='{at}']").click()
            page.wait_for_url("**/account/service/*/")
        return datetime.fromtimestamp(fitting[0], ZoneInfo("Asia/Shanghai"))
    raise AssertionError("no day of the workshop is free")


def has_cards(clerk: Visitor, day: str) -> bool:
    """Open the workshop's day; whether anybody comes."""
    clerk.page.goto(f"/dealer/service/day/?store={STORE.upper()}&day={day}")
    return clerk.page.locator(".day__drive").count() > 0


def cancel_all(page: Page, hrefs: list[str]) -> None:
    """Cancel visits: whoever comes next finds the workshop as it was."""
    for href in hrefs:
        page.goto(href)
        page.locator("summary:has(~ form[action$='/cancel/'])").click()
        page.locator("[name=cancel-reason]").fill("设备检修")
        page.locator("form[action$='/cancel/'] button").click()


@pytest.mark.parametrize(("language", "viewport"), [("zh-CN", PHONE), ("en-US", DESKTOP)])
def test_a_visit_is_carried_to_another_bay_and_hour_in_the_calendar_of_the_day(visit, language, viewport):
    owner = visit("consumer2@demo.example", language=language, has_javascript=False)
    clerk = visit("clerk@demo.example", language=language, viewport=viewport)
    page = clerk.page
    begins = book_two(owner, clerk)
    clerk.go(f"/dealer/service/day/?store={STORE.upper()}&day={begins:%Y-%m-%d}")
    early, late = page.locator(".day__drive").nth(0), page.locator(".day__drive").nth(1)
    hrefs = [str(card.get_attribute("href")) for card in (early, late)]
    mine = page.locator(f".day__drive[href='{hrefs[0]}']")
    bays = page.locator("tbody tr").first.locator("td").evaluate_all("cells => cells.map(one => one.dataset.column)")

    def cell(bay: str, later: timedelta = timedelta(0)):
        return page.locator(f"td[data-column='{bay}'][data-local$='T{begins + later:%H:00}']")

    own, other = cell(bays[0]), cell(bays[1], LATER)
    expect(own.locator(mine)).to_be_visible()
    # Another visit has this bay then: it is said why, and the card lies where it lay.
    mine.drag_to(cell(bays[0], LATER), target_position={"x": 2, "y": 2})
    expect(page.locator(".notice--bad")).to_be_visible()
    clerk.look_over()
    expect(own.locator(mine)).to_be_visible()
    mine.drag_to(other)
    expect(page.locator(".notice--good")).to_be_visible()
    expect(other.locator(mine)).to_be_visible()
    expect(own.locator("a")).to_have_count(0)
    clerk.look_over()

    # Back with the keyboard, which goes on at the card that was carried; once it is left where it is.
    expect(mine).to_be_focused()
    for key in ("Space", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator("#move-said")).to_contain_text(f"{begins + LATER / 2:%H:00}")
    page.emulate_media(color_scheme="dark")
    clerk.look_over()
    page.keyboard.press("Escape")
    for key in ("Space", "ArrowLeft", "ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(own.locator(mine)).to_be_visible()
    expect(page.locator(".notice--good")).to_be_visible()
    clerk.look_over()
    cancel_all(page, hrefs)


@pytest.mark.parametrize(
    ("giver", "taker", "language", "viewport"),
    [
        ("consumer@demo.example", "consumer2@demo.example", "en-US", PHONE),
        ("consumer2@demo.example", "consumer@demo.example", "zh-CN", DESKTOP),
    ],
)
def test_a_car_is_passed_on_with_its_package(visit, giver, taker, language, viewport):
    options = {"language": language, "viewport": viewport}
    vin = OWN["consumer@demo.example"]
    old, new = visit(giver, **options), visit(taker, **options)
    new.go("/account/vehicles/take-over/")
    new.page.locator("[name=vin]").fill(vin)
    new.page.locator("[name=code]").fill("WRONGONE")
    new.page.locator("main form button.btn--primary").click()
    new.look_over()
    expect(new.page.locator("#errors a")).to_have_attribute("href", "#id_code")
    new.complaints.clear()
    old.go("/account/vehicles/")
    old.page.locator(".drive-stores > li").filter(has_text=vin[-6:]).locator("a.quiet").click()
    old.page.locator("form[action$='/transfer/'] button").click()
    old.look_over()
    code = old.page.locator(".service-code").inner_text()

    new.page.locator("[name=code]").fill(code)
    new.page.locator("main form button.btn--primary").click()
    new.page.wait_for_url("**/account/vehicles/*/")
    new.look_over()

    expect(new.page.locator("main")).to_contain_text(vin)
    assert new.page.locator("main article.card").count()
    old.go("/account/vehicles/")
    expect(old.page.locator("main")).not_to_contain_text(vin[-6:])


@pytest.mark.parametrize(("language", "viewport"), [("zh-CN", PHONE), ("en-US", DESKTOP)])
def test_pages_of_service_have_no_barriers_in_the_dark_when_empty_and_when_wrong(visit, language, viewport):
    owner = visit("consumer2@demo.example", language=language, viewport=viewport)
    owner.page.emulate_media(color_scheme="dark")
    for page in ("/account/vehicles/", "/account/service/", "/account/vehicles/take-over/"):
        owner.go(page)
    for vin in ("LXCA1PF56SZ000103", "1M8GDM9AXKP042788"):
        owner.page.goto("/account/vehicles/")
        owner.page.locator("[name=vin]").fill(vin)
        owner.page.locator("form:has([name=vin]) button").click()
        owner.look_over()
        expect(owner.page.locator("#errors a")).to_have_attribute("href", "#id_vin")
    owner.complaints.clear()
    clerk = visit("clerk@demo.example", language=language, viewport=viewport)
    clerk.page.emulate_media(color_scheme="dark")
    for page in ("/dealer/service/", "/dealer/service/?show=work", f"/dealer/service/day/?day={date(2026, 1, 1)}"):
        clerk.go(page)
    clerk.go("/dealer/service/check/")
    clerk.go(f"/dealer/service/check/?vin={OWN['consumer2@demo.example']}")
    expect(clerk.page.locator("main")).to_contain_text("60,000 公里" if language == "zh-CN" else "60,000 km")
    clerk.page.goto("/dealer/service/check/?vin=LXC")
    clerk.look_over()
    clerk.complaints.clear()
    other = visit("dealer2@demo.example", language=language, viewport=viewport)
    other.go("/dealer/service/?show=past")
