"""Prepares what the pictures show: people with carts and orders, each as a browser's cookies."""

import base64
import hmac
import struct
import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"  # the demo's, printed in README
CAR = "/vehicles/jinghong/configure/?option=PAINT-CINNABAR"


class Stage:
    """``people`` holds the cookies of each, ``places`` what addresses may name."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser, self.base_url = browser, base_url
        self.people: dict[str, Any] = {"guest": self._consented()}
        self.places: dict[str, str] = {}

    def prepare(self) -> None:
        """Fill carts, order and pay."""
        self.places["part"] = self._find_part()
        self.places["compared"] = self._find_compared()
        self.people["shopper"] = self._shop()
        self.people["remover"] = self._shop(takes_one_out=True)
        self.people["buyer"] = self._buy()
        self.people["owner"] = self._own()
        self.people["clerk"] = self._serve()
        self.people["hq"] = self._staff()

    def open(self, who: str, **options: Any) -> BrowserContext:
        """Let somebody in."""
        return self.browser.new_context(
            base_url=self.base_url, locale="zh-CN", reduced_motion="reduce", storage_state=self.people[who], **options
        )

    def _consented(self) -> dict[str, Any]:
        # The question about cookies is answered, or it would stand before every page.
        cookie = {"name": "consent", "value": "1.", "url": self.base_url}
        context = self.browser.new_context()
        context.add_cookies([cookie])  # type: ignore[list-item]
        return _close(context)

    def _find_part(self) -> str:
        context = self.open("guest")
        page = context.new_page()
        page.goto("/parts/?in_stock=1")
        address = page.locator("a[href^='/products/']").first.get_attribute("href") or ""
        context.close()
        return address.removeprefix("/products/").strip("/")

    def _find_compared(self) -> str:
        """Three trims of one model, as the query of the comparison."""
        context = self.open("guest")
        found = context.request.get("/api/v1/products/?kind=vehicle&q=惊鸿&page_size=3").json()["results"]
        context.close()
        return "&".join(f"id={product['id']}" for product in found)

    def _shop(self, *, takes_one_out: bool = False) -> dict[str, Any]:
        context = self.open("guest")
        page = context.new_page()
        self._fill_cart(page)
        if takes_one_out:
            page.locator("button[name=remove]").first.click()
            page.wait_for_load_state()
        return _close(context)

    def _fill_cart(self, page: Page) -> None:
        page.goto(f"/products/{self.places['part']}/")
        page.locator("form[action$='/add/'] button:not([type=button])").first.click()
        page.wait_for_url("**/cart/")
        page.goto(CAR)
        page.locator("form[action$='/order/']").evaluate("(form) => form.requestSubmit()")
        page.wait_for_url("**/cart/")

    def _buy(self) -> dict[str, Any]:
        """Order twice as the demo's consumer: one prepayment is paid, the other order waits."""
        context = self.open("guest")
        page = context.new_page()
        self._sign_in(page, "consumer@demo.example")
        page.wait_for_url("**/account/")
        for name in ("order", "cashier"):
            self._fill_cart(page)
            page.goto("/checkout/")
            page.locator("[name=store_id]").select_option(index=1)
            page.locator("aside .btn--primary").click()
            page.wait_for_url("**/checkout/pay/**")
            self.places[name] = page.url.removeprefix(self.base_url)
            if name == "order":
                page.locator("main .cashier a.btn--primary").click()
                page.locator("button[value=success]").click()
                page.wait_for_load_state()
                page.goto(self.places[name])
                page.wait_for_url("**/orders/**")
                self.places[name] = page.url.removeprefix(self.base_url)
        return _close(context)

    def _own(self) -> dict[str, Any]:
        """Sign in as the demo's second consumer, tell of a car, wish for a part and save a car."""
        context = self.open("guest")
        page = context.new_page()
        self._sign_in(page, "consumer2@demo.example")
        page.wait_for_url("**/account/")
        page.goto("/garage/")
        if not page.locator(".garage-car").count():
            page.locator("#id_product_id").select_option(index=5)
            page.locator("main form .btn--primary").click()
            page.locator(".garage-car").first.wait_for()
        page.goto(f"/products/{self.places['part']}/")
        heart = page.locator(".goods .heart__button")
        page.wait_for_load_state("networkidle")
        if heart.get_attribute("aria-pressed") != "true":
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                heart.click()
        page.goto(CAR)
        page.locator("#save").click()
        page.wait_for_url("**/save/**")
        page.locator("#name").fill("周末出游")
        page.locator("main form .btn--primary").click()
        page.wait_for_url("**/account/configurations/")
        self._find_service(page)
        self._find_handover(page)
        return _close(context)

    def _find_service(self, page: Page) -> None:
        """The owner's car on the road, and the visit it is in the workshop for."""
        page.goto("/account/vehicles/")
        self.places["vehicle"] = page.locator(".drive-stores a.quiet").first.get_attribute("href") or ""
        self.places["service"] = self.places["vehicle"].replace("/account/vehicles/", "/service/")
        page.goto("/account/service/")
        self.places["visit"] = page.locator("a.entry__link").first.get_attribute("href") or ""

    def _find_handover(self, page: Page) -> None:
        """The owner's order whose car waits at the store, its appointment, and the old car it was brought for."""
        page.goto("/account/")
        order, _, rest = _first_link(page, "/handovers/").partition("handovers/")
        self.places["waiting_order"] = order
        self.places["handover"] = f"{order}handovers/{rest.split('/')[0]}/"
        page.goto("/account/finance/")
        self.places["trade_in"] = _first_link(page, "/account/finance/trade-ins/")

    def _serve(self) -> dict[str, Any]:
        """Sign in as the clerk whose workshop has the owner's car."""
        context = self.open("guest")
        page = context.new_page()
        self._sign_in(page, "clerk@demo.example")
        page.goto("/dealer/service/?show=work")
        self.places["work_order"] = page.locator(".dealer__card a.todo__name").first.get_attribute("href") or ""
        self.places["desk_handover"] = f"/dealer/handovers/{self.places['handover'].strip('/').split('/')[-1]}/"
        self.places["desk_trade_in"] = f"/dealer/trade-ins/{self.places['trade_in'].strip('/').split('/')[-1]}/"
        return _close(context)

    def _staff(self) -> dict[str, Any]:
        context = self.open("guest")
        page = context.new_page()
        self._sign_in(page, "hq@demo.example")
        page.locator("[name=code]").fill(_totp(TOTP_SECRET, int(time.time())))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        page.goto("/admin/financing/tradein/?status__exact=INSPECTED")
        found = page.locator("a[href*='/financing/tradein/'][href*='/change/']").first
        self.places["hq_trade_in"] = found.get_attribute("href") or ""
        return _close(context)

    def _sign_in(self, page: Page, email: str) -> None:
        page.goto("/account/login/")
        page.locator("[name=login]").fill(email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()


def _first_link(page: Page, inside: str) -> str:
    """Return the address of the first link in a page's main part that leads there."""
    return page.locator(f"main a[href*='{inside}']").first.get_attribute("href") or ""


def _close(context: BrowserContext) -> dict[str, Any]:
    state = context.storage_state()
    context.close()
    return dict(state)


def _totp(secret: str, at: int) -> str:
    """The six digits an authenticator app shows. Source: RFC 6238."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", at // 30), "sha1").digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
