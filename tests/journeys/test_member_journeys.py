"""What members gather and say, as people do it: garage, wishes, reviews, questions; and the way to a store."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.apps.accounts.totp import code_of
from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
VIN = "LXCA1ER17TZ001001"
TALKED_OF = "/products/xing-che-ji-lu-yi-4k-qian-hou-shuang-jing-tou/"
UNTALKED_OF = "/products/ji-yi-mian-tou-zhen-liang-zhi-zhuang/"
FITTED = "/products/tian-shu-kong-tiao-lv-xin-gao-xiao-kang-jun/"


@pytest.fixture(scope="module")
def member_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(member_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(member_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def agree(visitor: Visitor) -> None:
    """Agree to what only happens with agreement."""
    page = visitor.page
    page.goto("/cookies/")
    page.locator("main [name=choice][value=all]").check()
    page.locator("main form .btn--primary").click()
    page.wait_for_load_state()


def test_a_guest_tells_of_a_car_and_finds_it_in_the_account(visit):
    guest = visit(language="en", viewport=PHONE)
    page = guest.page
    guest.go("/garage/")
    page.locator("main form .btn--primary").click()
    expect(page.locator("#errors")).to_be_visible()
    guest.look_over()
    page.locator("#id_vin").fill("LXCA1ER17TZ001002")
    page.locator("main form .btn--primary").click()
    expect(page.locator("#id_vin_error")).to_contain_text("17")
    page.locator("#id_vin").fill(VIN.lower())
    page.locator("main form .btn--primary").click()
    expect(page.locator(".garage-car")).to_have_count(1)
    guest.look_over()

    # The product page knows it at once.
    guest.go(FITTED)
    expect(page.locator("#fitment [role=status]")).to_be_visible()
    guest.look_over()

    guest.sign_in("consumer2@demo.example", PASSWORD)
    guest.go("/garage/")
    expect(page.locator(".garage-car")).to_have_count(1)
    page.locator("#id_product_id").select_option(index=5)
    page.locator("#id_nickname").fill("Weekend")
    page.locator("#id_plate").fill("沪AD12345")
    page.locator("main form .btn--primary").click()
    expect(page.locator(".garage-car")).to_have_count(2)
    expect(page.locator(".garage-car").first).to_contain_text("Weekend")
    page.locator(".garage-car", has_text="Weekend").locator("a", has_text="Change").click()
    page.locator("#id_plate").fill("nonsense")
    page.locator("main form .btn--primary").click()
    expect(page.locator("#id_plate_error")).to_be_visible()
    guest.look_over()
    page.locator("#id_plate").fill("")
    page.locator("main form .btn--primary").click()
    page.locator("button", has_text="Make it the current car").click()
    expect(page.locator(".garage-car").first).not_to_contain_text("Weekend")
    page.locator(".garage-car", has_text="Weekend").locator("button", has_text="Remove").click()
    expect(page.locator(".garage-car")).to_have_count(1)


def test_a_guests_wishes_come_along_and_hearts_are_pressed(visit):
    guest = visit(viewport=PHONE)
    page = guest.page
    guest.go("/wishlist/")
    expect(page.locator(".empty")).to_be_visible()
    guest.go(UNTALKED_OF)
    heart = page.locator(".goods .heart__button")
    expect(heart).to_have_attribute("aria-pressed", "false")
    with page.expect_response(lambda answer: answer.request.method == "POST") as kept:
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
    assert kept.value.ok
    page.reload()
    # The page is everybody's; the heart is filled by a hole.
    expect(heart).to_have_attribute("aria-pressed", "true")
    guest.look_over()
    guest.go("/wishlist/")
    expect(page.locator(".line")).to_have_count(1)

    guest.sign_in("consumer2@demo.example", PASSWORD)
    guest.go("/wishlist/")
    expect(page.locator(".line")).to_have_count(1)
    page.locator(".line button", has_text="移除").click()
    expect(page.locator(".empty")).to_be_visible()
    guest.go(UNTALKED_OF)
    expect(heart).to_have_attribute("aria-pressed", "false")


def test_a_heart_pressed_before_the_page_knows_stays_pressed(visit):
    """The answer about what was wished for may be older than the press."""
    page = visit(viewport=PHONE).page
    asked = []

    def hold(route):
        asked.append(route)

    page.route("**/me/holes/", hold)
    page.goto(UNTALKED_OF)
    page.evaluate(
        "() => { window.filled = new Promise((then) => document.addEventListener('holes:filled', () => then())) }"
    )
    heart = page.locator(".goods .heart__button")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "true")

    asked[0].fulfill(json={"wishes": [], "cart-count": 0})
    page.evaluate("window.filled")

    expect(heart).to_have_attribute("aria-pressed", "true")


def test_the_device_remembers_what_was_looked_at_only_if_asked_to(visit):
    guest = visit(language="en")
    page = guest.page
    guest.go(UNTALKED_OF)
    guest.go("/recent/")
    expect(page.locator(".empty")).to_be_visible()

    agree(guest)
    guest.go(UNTALKED_OF)
    guest.go(FITTED)
    page.locator("[data-recent]").scroll_into_view_if_needed()
    expect(page.locator("#recent a.product, #recent .product")).to_have_count(1)
    guest.look_over()
    page.locator("#recent button", has_text="Clear").click()
    expect(page.locator("#recent")).to_have_count(0)
    guest.go("/recent/")
    expect(page.locator(".empty")).to_be_visible()


@pytest.fixture
def photo(tmp_path) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path / "fitted.jpg"
    Image.new("RGB", (2400, 1800), (70, 90, 120)).save(path, quality=80)
    return path


def test_a_review_with_a_photo_is_read_by_hq_and_shows_on_the_card(visit, photo, suite):
    author = visit(viewport=PHONE)
    page = author.page
    author.sign_in("consumer@demo.example", PASSWORD)
    author.go(f"{UNTALKED_OF}reviews/")
    expect(page.locator(".empty")).to_be_visible()
    author.go(UNTALKED_OF)
    page.locator("#reviews a", has_text="写评价").click()
    page.wait_for_url("**/reviews/write/")
    page.locator("main form .btn--primary").first.click()
    expect(page.locator("#errors a")).to_have_count(2)
    author.look_over()
    page.locator("label[for=rating-4]").click()
    page.locator("#id_text").fill("跑长途脖子不酸了，颜色也和内饰很配。")
    page.locator("#id_photos").set_input_files(photo)
    page.locator("main form .btn--primary").first.click()
    page.wait_for_url("**/account/reviews/")
    expect(page.locator("main")).to_contain_text("审核中")
    expect(page.locator(".shot img")).to_have_count(1)
    author.look_over()

    stranger = visit()
    stranger.go(UNTALKED_OF)
    expect(stranger.page.locator("#reviews")).not_to_contain_text("脖子不酸")

    publish_as_hq(visit, "脖子不酸")

    stranger.await_on_order("脖子不酸")
    expect(stranger.page.locator("#reviews .shot img")).to_be_visible()
    expect(stranger.page.locator(".goods__rating")).to_contain_text("4")
    stranger.look_over()
    stranger.page.goto("/parts/?kind=accessory&q=记忆棉头枕")
    expect(stranger.page.locator(".product", has_text="记忆棉头枕").first).to_contain_text("4.0")

    # Somebody who is signed in finds it helpful, once; its author may not.
    reader = visit(language="en")
    reader.sign_in("consumer2@demo.example", PASSWORD)
    reader.go(f"{UNTALKED_OF}reviews/?photos=1")
    vote = reader.page.locator(".review button", has_text="Helpful")
    vote.click()
    expect(reader.page.locator(".review button[aria-pressed=true]")).to_contain_text("1")
    reader.look_over()
    reader.page.locator(".review a", has_text="Report").click()
    reader.look_over()
    reader.page.locator("main form .btn--primary").click()
    expect(reader.page.locator("#errors")).to_be_visible()
    reader.look_over()


def publish_as_hq(visit, text: str) -> None:
    """Read what waits at HQ and publish the review with these words."""
    hq = visit(language="en")
    page = hq.page
    page.goto("/account/login/?next=/admin/membership/review/")
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
    page.goto(f"/admin/membership/review/?q={text}")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").first.select_option("publish")
    page.locator("button[name=index]").first.click()
    page.locator("#confirm-action").click()
    expect(page.locator("body")).to_contain_text("1 done, 0 refused.")


def test_a_question_is_asked_and_its_page_is_well(visit):
    member = visit(language="en")
    page = member.page
    member.go(f"{UNTALKED_OF}questions/")
    expect(page.locator("#ask a")).to_be_visible()
    member.sign_in("consumer2@demo.example", PASSWORD)
    member.go(f"{UNTALKED_OF}questions/")
    page.locator("#ask .btn--primary").click()
    expect(page.locator("#errors")).to_be_visible()
    member.look_over()
    page.locator("#id_text").fill("Does it fit seats with a fixed headrest?")
    page.locator("#ask .btn--primary").click()
    page.wait_for_url("**/account/reviews/")
    expect(page.locator("main")).to_contain_text("fixed headrest")
    member.look_over()


def test_the_nearest_store_is_found_by_city_and_by_position(visit):
    visitor = visit(viewport=PHONE)
    page = visitor.page
    visitor.go("/stores/")
    page.locator("#place").fill("suzhou")
    page.locator(".finder .btn--primary").click()
    page.wait_for_url("**place=suzhou**")
    expect(page.locator(".store-row").first).to_contain_text("苏州")
    visitor.look_over()
    visitor.go("/stores/?place=zzzzzz")
    expect(page.locator(".notice--warn")).to_be_visible()

    visitor.context.grant_permissions(["geolocation"])
    visitor.context.set_geolocation({"latitude": 30.2084321, "longitude": 120.2119876})
    page.locator("[data-locate]").click()
    page.wait_for_url("**near=30.21,120.21**")
    expect(page.locator(".store-row").first).to_contain_text("杭州滨江")
    expect(page.locator(".store-row").first).to_contain_text("km")
    visitor.look_over()


def test_a_browser_that_does_not_tell_is_answered(visit):
    visitor = visit(language="en")
    visitor.go("/stores/")
    visitor.page.locator("[data-locate]").click()
    expect(visitor.page.locator("[data-locate-note]")).to_contain_text("Type a city instead")


def test_list_and_pins_lead_to_each_other_by_keyboard(visit):
    visitor = visit(language="en", viewport=DESKTOP)
    page = visitor.page
    visitor.go("/stores/?near=31.22,121.54")
    expect(page.locator(".map[data-state=ready]")).to_be_visible()
    visitor.look_over()
    pins = page.locator(".map__pins a")
    before = pins.count()
    page.locator(".map__tools button").first.click()
    page.locator(".map__tools button").first.click()
    assert pins.count() >= before
    pin = page.locator(".map__pins a", has_text="★").first
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".store-row.is-chosen")).to_have_count(1)
    expect(page.locator(".store-row.is-chosen")).to_be_focused()
    page.locator(".store-row a.quiet").first.click()
    page.wait_for_url("**/stores/st-**")
    visitor.look_over()
    expect(page.locator("main")).to_contain_text("Where and when")


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")])
def test_their_pages_are_well_by_day_and_night(viewport, scheme, visit):
    visitor = visit(language="en", viewport=viewport)
    visitor.page.emulate_media(color_scheme=scheme)
    for path in (
        TALKED_OF,
        f"{FITTED}?fits=1",
        f"{TALKED_OF}reviews/",
        f"{TALKED_OF}reviews/?stars=1",
        f"{TALKED_OF}questions/",
        "/garage/",
        "/wishlist/",
        "/recent/",
        "/stores/",
        "/stores/?place=zzzz",
        "/stores/st-urumqi-xinshi/",
    ):
        visitor.go(path)
    visitor.sign_in("consumer2@demo.example", PASSWORD)
    for path in ("/account/configurations/", "/account/reviews/", f"{TALKED_OF}reviews/write/"):
        visitor.go(path)


def test_wishes_garage_and_reviews_work_without_javascript(visit):
    visitor = visit(has_javascript=False)
    page = visitor.page
    visitor.go(FITTED)
    page.locator("#fitment a").click()
    page.wait_for_url("**/garage/?next=**")
    page.locator("#id_product_id").select_option(index=3)
    page.locator("main form .btn--primary").click()
    page.wait_for_url(re.compile(r"/products/.*fits="))
    expect(page.locator("#fitment [role=status]")).to_be_visible()
    page.locator(".goods .heart__button").click()
    page.wait_for_url("**/wishlist/")
    expect(page.locator(".line")).to_have_count(1)
    page.goto(f"{TALKED_OF}reviews/")
    page.locator("#review-list .chip").nth(2).click()
    page.wait_for_url("**stars=5**")
    expect(page.locator(".review")).to_have_count(2)
    page.goto("/stores/")
    page.locator("#place").fill("北京")
    page.locator(".finder .btn--primary").click()
    expect(page.locator(".store-row").first).to_contain_text("北京")
