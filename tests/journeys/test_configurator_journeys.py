"""The configurator and the page of a series, as people use them: fingers, keyboard, without JavaScript, in 3D."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
CONFIGURE = "/vehicles/jinghong/configure/"
SLOW = 120_000  # milliseconds
TINY = {"width": 320, "height": 400}
CAR = f"{CONFIGURE}?trim=JINGHONG-EV-680"


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


def total(page: Page):
    """Where the total stands."""
    return page.locator(".configure__total strong")


def step_to(page: Page, code: str) -> None:
    """Press a step and wait until it is there."""
    page.locator(f"#step-{code}").click()
    expect(page.locator(f"#step-{code}")).to_have_attribute("aria-current", "step")


def test_a_car_is_configured_step_by_step_on_a_phone(visit):
    buyer = visit(viewport=PHONE)
    page = buyer.page
    buyer.go("/vehicles/jinghong/")
    page.locator(".car-hero .btn--primary").click()
    page.wait_for_url(f"**{CONFIGURE}")
    buyer.look_over()

    page.locator("label[for='trim-JINGHONG-EV-680']").click()
    expect(total(page)).to_have_text("¥289,800")
    page.locator("#next-step").click()
    expect(page.locator("#step-exterior")).to_have_attribute("aria-current", "step")
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    expect(total(page)).to_have_text("¥295,800")
    expect(page.locator(".configure__picture").first).to_have_attribute("src", re.compile("cinnabar"))
    expect(page.locator("#configure-said")).to_contain_text("¥295,800")
    expect(page.locator(".configure__rate")).to_contain_text(re.compile(r"月供 ¥[\d,.]+ · 年化 \d+\.\d\d%"))
    assert "step=exterior" in page.url
    assert "option=PAINT-CINNABAR" in page.url
    for code in ("wheels", "interior", "packs"):
        page.locator("#next-step").click()
        expect(page.locator(f"#step-{code}")).to_have_attribute("aria-current", "step")
        buyer.look_over()

    # A conflict says why; one press ends it, another takes the last choice back.
    page.locator("label[for='option-PACK-PERFORMANCE']").click()
    expect(total(page)).to_have_text("¥323,800")
    page.locator("label[for='option-PACK-WINTER']").click()
    expect(page.locator("#configure [role=alert]")).to_contain_text("锻造轮毂")
    buyer.look_over()
    page.locator("#configure [role=alert] a").first.click()
    expect(page.locator("#configure [role=alert]")).to_have_count(0)
    expect(page.locator("#option-PACK-WINTER")).not_to_be_checked()
    page.locator("#undo").click()
    expect(page.locator("#configure [role=alert]")).to_have_count(1)
    page.locator("#undo").click()
    expect(page.locator("#configure [role=alert]")).to_have_count(0)
    expect(page.locator("#option-PACK-PERFORMANCE")).to_be_checked()

    page.locator("#next-step").click()
    expect(page.locator("#down")).to_be_visible()
    page.locator("label[for='months-60']").click()
    expect(page.locator("#months-60")).to_be_checked()
    buyer.look_over()
    page.locator("label[for='plan-XC-LIGHT']").click()
    expect(page.locator("#plan-XC-LIGHT")).to_be_checked()
    buyer.look_over()
    page.locator("#order-now").click()
    page.wait_for_url("**/cart/")
    expect(page.locator(".line")).to_contain_text("性能包")


def test_the_way_back_is_the_car_before(visit):
    page = visit().page
    page.goto(f"{CAR}&step=exterior")
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    expect(total(page)).to_have_text("¥295,800")
    step_to(page, "packs")
    page.locator("label[for='option-PACK-AUDIO']").click()
    expect(total(page)).to_have_text("¥302,600")

    page.go_back()
    expect(total(page)).to_have_text("¥295,800")
    expect(page.locator("#step-packs")).to_have_attribute("aria-current", "step")
    page.go_back()
    expect(page.locator("#step-exterior")).to_have_attribute("aria-current", "step")
    page.go_back()
    expect(total(page)).to_have_text("¥289,800")
    page.go_forward()
    expect(total(page)).to_have_text("¥295,800")


def test_quick_fingers_lose_nothing(visit):
    page = visit().page
    page.goto(f"{CAR}&step=packs")

    # All at once, faster than any answer: the page is asked what it shows only at the end.
    page.evaluate(
        """() => {
          for (const code of ["PACK-AUDIO", "PACK-COMFORT", "PACK-PILOT", "PACK-COMFORT"]) {
            document.getElementById(`option-${code}`).click();
          }
        }"""
    )

    expect(total(page)).to_have_text("¥311,600")
    expect(page.locator("#option-PACK-AUDIO")).to_be_checked()
    expect(page.locator("#option-PACK-PILOT")).to_be_checked()
    expect(page.locator("#option-PACK-COMFORT")).not_to_be_checked()


def test_the_keyboard_is_enough(visit):
    page = visit(language="en").page
    page.goto(f"{CAR}&step=exterior")
    page.locator("#option-PAINT-GLACIER").focus()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#option-PAINT-INKSTONE")).to_be_checked()
    expect(page.locator("#option-PAINT-INKSTONE")).to_be_focused()
    page.locator("#next-step").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#step-wheels")).to_have_attribute("aria-current", "step")
    assert "PAINT-INKSTONE" in page.url


def test_a_car_is_shared_by_a_short_link_and_compared_with_another(visit):
    visitor = visit(language="en")
    page = visitor.page
    page.goto(f"{CAR}&step=exterior")
    page.locator("#compare").click()
    expect(page.locator("#configure .notice")).to_contain_text("Kept for comparison")
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    expect(total(page)).to_have_text("¥295,800")
    page.locator("#share summary").click()
    visitor.look_over()
    link = page.locator("#share-link").input_value()
    assert link.endswith(f"{CAR}&option=PAINT-CINNABAR")

    page.locator("#compare-now").click()
    page.wait_for_url("**/vehicles/compare/**")
    visitor.look_over()
    expect(page.locator(".versus__car")).to_have_count(2)
    expect(page.locator("dd.is-different")).to_have_text(["Glacier White", "Cinnabar Red"])
    expect(page.locator("main")).to_contain_text("¥6,000 between them")
    page.get_by_role("link", name="Only what differs").click()
    expect(page.locator(".versus__rows dt")).to_have_count(1)
    visitor.look_over()

    friend = visit(language="en", viewport=PHONE)
    friend.page.goto(link.partition("/vehicles/")[1] + link.partition("/vehicles/")[2])
    expect(total(friend.page)).to_have_text("¥295,800")


def test_whoever_saves_signed_out_signs_in_and_comes_back_with_the_car(visit):
    visitor = visit(language="en", viewport=PHONE)
    page = visitor.page
    page.goto(f"{CAR}&option=PAINT-CINNABAR&step=packs")
    page.locator("#save").click()
    page.wait_for_url("**/account/login/**")
    page.locator("[name=login]").fill("consumer2@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/vehicles/jinghong/save/**")
    visitor.look_over()
    page.locator("#name").fill("The red one")
    page.locator("main form .btn--primary").click()
    page.wait_for_url("**/account/configurations/")
    expect(page.locator("main")).to_contain_text("The red one")


def test_everything_works_without_javascript(visit):
    visitor = visit(language="en", has_javascript=False)
    page = visitor.page
    visitor.go(f"{CAR}&step=exterior")
    page.locator("label[for='option-PAINT-CINNABAR']").click()
    page.locator(".configure__step > button, noscript button").first.click()
    expect(total(page)).to_have_text("¥295,800")
    page.locator("label[for='option-PAINT-GALAXY']").click()
    page.locator("#next-step").click()
    expect(page.locator("#step-wheels")).to_have_attribute("aria-current", "step")
    expect(total(page)).to_have_text("¥292,800")
    page.locator("#undo").click()
    expect(total(page)).to_have_text("¥295,800")
    step_to(page, "packs")
    page.locator("label[for='option-PACK-PERFORMANCE']").click()
    page.locator("label[for='option-PACK-WINTER']").click()
    page.locator(".configure__step > button, noscript button").first.click()
    page.locator("#configure [role=alert] a").first.click()
    expect(page.locator("#configure [role=alert]")).to_have_count(0)
    step_to(page, "finance")
    page.locator("label[for='months-12']").click()
    page.locator(".configure__step > button, noscript button").first.click()
    expect(page.locator("#months-12")).to_be_checked()
    page.locator("#order-now").click()
    page.wait_for_url("**/cart/")
    expect(page.locator(".line")).to_contain_text("Cinnabar Red")


def test_the_paint_chosen_in_the_3d_model_is_the_paint_of_the_car_in_the_cart(visit):
    # Without a graphics card a frame takes seconds: a small window, much patience, and buttons that are pressed without
    # waiting for a picture that stands.
    visitor = visit(language="en", viewport=TINY)
    page = visitor.page
    page.set_default_timeout(SLOW)
    page.goto(f"{CAR}&step=wheels")
    opener = page.locator("#open-viewer")
    if not opener.is_visible():
        pytest.skip("no 3D model, or no WebGL")
    opener.click()
    paint = page.locator(".viewer[open] [data-paint=PAINT-CINNABAR]")
    paint.dispatch_event("click")
    expect(paint).to_have_attribute("aria-pressed", "true", timeout=SLOW)
    expect(total(page)).to_have_text("¥295,800", timeout=SLOW)
    page.locator(".viewer__close").dispatch_event("click")
    expect(page.locator(".viewer")).to_have_count(0, timeout=SLOW)
    expect(page.locator("#open-viewer")).to_be_focused()
    step_to(page, "finance")
    page.locator("#order-now").click()
    page.wait_for_url("**/cart/")
    expect(page.locator(".line")).to_contain_text("Cinnabar Red")


def test_the_car_turns_by_keyboard(visit):
    visitor = visit(language="en")
    page = visitor.page
    page.goto("/vehicles/jinghong/")
    turn = page.locator(".turn")
    if not turn.count():
        pytest.skip("no turn was photographed")
    turn.focus()
    expect(turn).to_have_attribute("data-state", "ready")
    page.keyboard.press("ArrowRight")
    expect(turn).to_have_attribute("aria-valuenow", "2")
    page.keyboard.press("Home")
    expect(turn).to_have_attribute("aria-valuenow", "1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1280"])
def test_every_step_is_legible_by_day_and_by_night(scheme, viewport, visit):
    visitor = visit(language="en", viewport=viewport)
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.go("/vehicles/jinghong/")
    for step in ("trim", "exterior", "wheels", "interior", "packs", "finance"):
        visitor.go(f"{CAR}&step={step}")
    visitor.go(f"{CAR}&option=PACK-PERFORMANCE,PACK-WINTER,PACK-NOBODY&step=packs")
    visitor.go("/vehicles/compare/?a=JINGHONG-EV-680&b=YUNZHOU-EV-600:PAINT-DUNE")
    visitor.go("/vehicles/compare/")
