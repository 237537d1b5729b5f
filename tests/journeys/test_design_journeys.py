"""How pages look, answer and forgive, in a browser: night and day, phone and desk, keyboard, no network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.apps.accounts.totp import code_of
from tests.journeys.shop_visit import PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
# Pages in their normal, empty and refused states.
STATES = (
    "/",
    "/vehicles/",
    "/vehicles/?body=convertible",
    "/cart/",
    "/cookies/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/login/code/",
    "/offline/",
)


@pytest.fixture(scope="module")
def design_browser(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(design_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(design_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def put_a_part_in(visitor: Visitor) -> None:
    """Fill the cart with the first part there is."""
    page = visitor.page
    page.goto("/parts/?in_stock=1")
    page.locator("a[href^='/products/']").first.click()
    page.wait_for_url("**/products/**")
    page.locator("form[action$='/add/'] button:not([type=button])").first.click()
    page.wait_for_url("**/cart/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("viewport", "language"), [(PHONE, "zh-CN"), ({"width": 1280, "height": 800}, "en")])
def test_every_page_is_well_by_day_and_by_night(scheme, viewport, language, visit):
    visitor = visit(viewport=viewport, language=language)
    visitor.page.emulate_media(color_scheme=scheme)
    for path in STATES:
        visitor.go(path)
    put_a_part_in(visitor)
    visitor.look_over()
    visitor.go("/checkout/")
    visitor.page.locator("aside .btn--primary").click()
    expect(visitor.page.locator("#errors")).to_be_focused()
    visitor.look_over()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_signs_in_with_nothing_is_told_beside_the_fields(scheme, visit):
    visitor = visit()
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.go("/account/login/")
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.page.wait_for_load_state()
    summary = visitor.page.locator("[role=alert] a").first
    summary.click()
    expect(visitor.page.locator("[name=login]")).to_be_focused()
    visitor.look_over()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_fit_the_smallest_phone(language, visit):
    visitor = visit(viewport={"width": 320, "height": 640}, language=language)
    for path in STATES:
        visitor.go(path)
    put_a_part_in(visitor)
    visitor.look_over()
    visitor.go("/checkout/")


def test_a_line_taken_out_is_put_back_with_one_tap(visit):
    visitor = visit(language="en")
    page = visitor.page
    put_a_part_in(visitor)
    page.locator("[data-step='1']").click()
    expect(page.locator(".line .quantity")).to_have_value("2")
    expect(page.locator(".header .count")).to_contain_text("2")
    page.locator("button[name=remove]").click()
    expect(page.locator(".empty")).to_be_visible()
    visitor.look_over()
    page.locator("form.undo button").click()
    expect(page.locator(".line .quantity")).to_have_value("2")
    expect(page.locator("form.undo")).to_have_count(0)


def test_the_question_about_cookies_is_asked_once_and_answered_alike(visit):
    visitor = visit(language="en", is_new=True, viewport=PHONE)
    page = visitor.page
    visitor.go("/stores/")
    question = page.locator("[data-consent]")
    expect(question).to_be_visible()
    no, yes = question.locator("button").all()
    assert no.evaluate("(one) => getComputedStyle(one).cssText") == yes.evaluate(
        "(one) => getComputedStyle(one).cssText"
    )
    assert {cookie["name"] for cookie in visitor.context.cookies()} <= {"xc_csrf", "xc_visitor", "xc_session"}
    no.click()
    page.wait_for_url("**/stores/")
    expect(question).to_be_hidden()
    page.locator(".footer a", has_text="Cookies").click()
    page.wait_for_url("**/cookies/")
    expect(page.locator("main input[value=necessary]")).to_be_checked()
    visitor.look_over()


def test_the_keyboard_reaches_content_menu_and_search(visit):
    visitor = visit(viewport=PHONE)
    page = visitor.page
    page.goto("/stores/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    summary = page.locator(".menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu__panel")).to_be_visible()
    visitor.look_over()
    page.keyboard.press("Tab")
    expect(page.locator("#menu-search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".menu__panel")).to_be_hidden()
    expect(summary).to_be_focused()


def test_targets_are_large_enough_for_thumbs(visit):
    visitor = visit(viewport=PHONE)
    put_a_part_in(visitor)
    small = visitor.page.evaluate(
        """[...document.querySelectorAll('main button, main a.btn, .header .tool, .footer li a, main input')]
        .filter((one) => one.checkVisibility() && !['hidden', 'radio', 'checkbox'].includes(one.type))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([, box]) => box.height > 1 && box.height < 44).map(([html, box]) => `${html} ${box.height}`)"""
    )
    assert small == []


def test_without_a_network_the_shop_says_so_and_keeps_nothing_of_anybody(visit):
    visitor = visit(language="en")
    page = visitor.page
    page.goto("/stores/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/cart/")
    page.goto("/parts/")
    kept = page.evaluate(
        """caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))
        .then((lists) => lists.flat().map((one) => new URL(one.url).pathname))"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    visitor.context.set_offline(True)
    page.goto("/account/")
    expect(page.locator("h1")).to_have_text("No connection")
    visitor.context.set_offline(False)
    page.goto("/stores/")
    expect(page.locator("h1")).not_to_have_text("No connection")
    visitor.complaints = [text for text in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in text]


def test_the_language_is_chosen_in_the_footer(visit):
    visitor = visit(language="zh-CN")
    page = visitor.page
    page.goto("/stores/?service=sales")
    page.locator(".footer a[hreflang=en]").click()
    page.wait_for_url("**hl=en**")
    visitor.look_over()
    assert "service=sales" in page.url
    page.goto("/cookies/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_guide_is_well_itself(scheme, visit):
    staff = visit(language="en")
    page = staff.page
    page.emulate_media(color_scheme=scheme)
    page.goto("/account/login/")
    page.locator("[name=login]").fill("hq@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    for steps in (0, 1, -1):
        page.locator("[name=code]").fill(code_of(TOTP_SECRET, steps=steps))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        if not page.locator("[name=code]").count():
            break
    staff.go("/styleguide/")
    page.locator("[data-opens=light-dialog]").click()
    expect(page.locator("#light-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#light-dialog")).to_be_hidden()


def test_an_order_prints_as_a_document(visit):
    visitor = visit()
    put_a_part_in(visitor)
    page = visitor.page
    page.goto("/checkout/")
    page.locator("[name=phone]").fill("13800138000")
    page.locator("[name=method][value=pickup]").check()
    page.locator("[name=store_id]").select_option(index=1)
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/pay/**")
    number = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"/orders/{number}/")
    page.emulate_media(media="print")
    for hidden in (".header", ".footer", "main .btn", "details"):
        assert not [one for one in page.locator(hidden).all() if one.is_visible()], hidden
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".sums")).to_be_visible()


def test_a_guest_changes_the_cart_checks_out_and_pays_without_javascript(visit):
    guest = visit(language="en", viewport=PHONE, has_javascript=False)
    page = guest.page
    put_a_part_in(guest)
    page.locator(".line .quantity").fill("2")
    page.locator("button", has_text="Update quantity").click()
    expect(page.locator(".line .quantity")).to_have_value("2")
    page.locator("button[name=remove]").click()
    page.locator("form.undo button").click()
    expect(page.locator(".line .quantity")).to_have_value("2")
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/")
    page.locator("[name=method][value=pickup]").check()
    page.locator("aside .btn--primary").click()
    # What is missing is said above and beside the fields; what was chosen stays.
    expect(page.locator("#errors a")).to_have_count(2)
    expect(page.locator("[name=method][value=pickup]")).to_be_checked()
    page.locator("[name=phone]").fill("13800138000")
    page.locator("[name=store_id]").select_option(index=1)
    page.locator("[name=provider][value=alipay]").check()
    page.locator("aside .btn--primary").click()
    page.wait_for_url("**/checkout/pay/**")
    cashier = page.url
    page.locator("main .cashier a.btn--primary").click()
    page.wait_for_url(f"{guest.suite.sandbox_url}/**")
    page.locator("button[value=success]").click()
    page.wait_for_load_state()
    for _ in range(30):
        page.goto(cashier)
        if "/orders/" in page.url:
            break
        page.wait_for_timeout(1000)
    expect(page.locator(".stage--done")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_is_not_there_is_well_and_leads_on(scheme, visit):
    visitor = visit(language="en", viewport=PHONE)
    page = visitor.page
    page.emulate_media(color_scheme=scheme)
    page.goto("/no-such-page/")
    visitor.look_over()
    page.locator("#search").fill("filter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=filter")
    visitor.complaints = [text for text in visitor.complaints if "no-such-page" not in text]
