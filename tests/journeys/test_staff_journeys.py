"""HQ's back office in a browser: what waits, Ctrl-K, a saved view, a history; and a partner's webhooks."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.apps.accounts.totp import code_of
from tests.factories.webhooks import receiving
from tests.journeys.shop_visit import PHONE, WCAG, Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD, SECRET = "demo-pass-2026", "JBSWY3DPEHPK3PXP"
# What Unfold 0.91 ships and we do not draw: (rule of axe, part of the element's HTML).
UPSTREAM = (
    ("aria-allowed-attr", "x-"),
    ("button-name", "x-on:click"),
    ("color-contrast", "material-symbols-outlined"),
    ("color-contrast", "text-font-subtle"),
    ("label", "action-select"),
    ("label", "action-toggle"),
    ("link-name", "x-on:click"),
    ("nested-interactive", "x-on:click"),
    ("scrollable-region-focusable", "simplebar"),
    ("select-name", 'name="action"'),
    ("target-size", "x-on:click"),
    ("target-size", "searchbar-submit"),
    ("target-size", "sortremove"),
    ("target-size", "flex items-center leading-none"),
)
# A folder to leave pictures in, for somebody who wants to look.
PICTURES = os.environ.get("STAFF_PICTURES", "")


@pytest.fixture(scope="module")
def staff_browser(suite) -> Iterator[Browser]:
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(staff_browser, suite) -> Iterator[Callable[..., Visitor]]:
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(staff_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def enter_headquarters(visitor: Visitor) -> Page:
    """Sign in with both factors."""
    page = visitor.page
    page.goto("/account/login/")
    page.locator("[name=login]").fill("hq@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    for steps in (0, -1, 1):
        page.wait_for_load_state()
        if page.locator("[name=code]").count() == 0:
            break
        page.locator("[name=code]").fill(code_of(SECRET, steps=steps))
        page.locator("main form button[type=submit]").first.click()
    page.goto("/admin/")
    return page


def look(visitor: Visitor, name: str) -> None:
    """Axe on an admin page: nothing but what is Unfold's own; and a picture, if one is wanted."""
    page = visitor.page
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options=WCAG).response["violations"]
    ours = [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"]
        if not any(rule == violation["id"] and part in node["html"] for rule, part in UPSTREAM)
    ]
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}-{page.viewport_size['width']}.png"), full_page=True)
    assert ours == [], f"{page.url}\n" + "\n".join(ours)


def test_headquarters_sees_what_waits_finds_it_and_keeps_a_view(visit):
    visitor = visit(language="en")
    page = enter_headquarters(visitor)
    expect(page.locator("#group-1")).to_be_visible()
    look(visitor, "dashboard")

    page.keyboard.press("Control+k")
    box = page.locator("input[name=s]:visible").last
    box.press_sequentially("lichuan")
    expect(page.locator("#command-results a[href*='/admin/suppliers/supplier/']").first).to_be_visible()
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / "ctrl-k-1280.png"))
    page.keyboard.press("Escape")

    page.goto("/admin/suppliers/supplier/?status__exact=APPROVED")
    page.locator("#views-bar summary", has_text="Columns").click()
    page.locator("#views-bar input[value=score]").uncheck()
    page.locator("#views-bar button", has_text="Show").click()
    page.locator("#views-bar summary", has_text="Save this view").click()
    page.locator("#view-name").fill("Approved, without scores")
    look(visitor, "list")
    page.locator("#views-bar button", has_text="Save").first.click()
    expect(page.locator("#views-bar .hq-chip[aria-current=true]")).to_have_text("Approved, without scores")
    expect(page.locator("thead")).not_to_contain_text("Score")
    page.goto("/admin/suppliers/supplier/")
    page.locator(".hq-chip", has_text="Approved, without scores").click()
    assert "status__exact=APPROVED" in page.url

    row = page.locator("input.action-select").first
    number = row.get_attribute("value")
    row.check()
    page.locator("select[name=action]").select_option("suspend")
    page.locator("button[name=index]").click()
    look(visitor, "confirm")
    page.locator("#confirm-action").click()
    expect(page.locator(".hq-lead")).to_have_text("1 done, 0 refused.")
    look(visitor, "results")
    page.locator("a", has_text="Back to the list").click()

    page.goto(f"/admin/suppliers/supplier/{number}/history/")
    expect(page.locator(".hq-event--move").first).to_contain_text("Approved → Suspended")
    look(visitor, "history")


def test_the_first_page_and_a_history_fit_a_phone(visit):
    visitor = visit(viewport=PHONE)
    page = enter_headquarters(visitor)
    look(visitor, "dashboard")
    page.goto("/admin/suppliers/supplier/")
    look(visitor, "list")


def test_a_supplier_sets_up_a_webhook_and_sees_a_test_message_arrive(visit):
    visitor = visit()
    page = visitor.page
    visitor.sign_in("supplier@demo.example", PASSWORD)
    with receiving() as receiver:
        visitor.go("/supplier/webhooks/")
        _picture(page, "webhooks-empty")
        page.locator("a", has_text="添加 Webhook").first.click()
        page.locator("[name=url]").fill("http://127.0.0.1:1/")
        with page.expect_event("console", lambda said: "422" in said.text):
            page.locator("main button", has_text="保存").click()
        visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]
        visitor.look_over()
        page.locator("[name=url]").fill(receiver.url)
        page.locator("[name=note]").fill("Our ERP")
        page.locator("[value='stock.changed']").check()
        _picture(page, "webhooks-form")
        page.locator("main button", has_text="保存").click()
        page.locator("button", has_text="显示密钥").click()
        receiver.secrets.append(page.locator("#webhook-secret").inner_text())
        visitor.look_over()
        page.locator("button", has_text="发送测试消息").click()
        for _ in range(40):
            if receiver.verified:
                break
            page.wait_for_timeout(500)
        assert [body["type"] for body in receiver.verified] == ["webhook.ping"]
        assert receiver.forged == 0
        expect(page.locator("main")).to_contain_text("webhook.ping")
        # The answer is noted after it is given; the page shows what was noted when it was loaded.
        for _ in range(40):
            page.reload()
            if page.locator("main", has_text="已投递").count():
                break
            page.wait_for_timeout(250)
        expect(page.locator("main")).to_contain_text("已投递")
        visitor.look_over()
        _picture(page, "webhooks-delivery")
        page.locator("main a", has_text="Our ERP").click()
        visitor.look_over()
        _picture(page, "webhooks-endpoint")
        visitor.go("/supplier/webhooks/events/")
        _picture(page, "webhooks-events")


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
        page.set_viewport_size(PHONE)
        page.screenshot(path=str(Path(PICTURES) / f"{name}-390.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
