"""
Every page the gallery takes a picture of: the one list. Add yours here.

A page is a name, an address, and who looks at it: ``guest``, ``shopper`` and ``remover`` (guests with a filled cart),
``buyer`` (signed in, with an order paid in part and one that waits for its payment), ``owner`` (signed in, with a car
in the garage, a wish, a saved car, and a car on the road that is in the workshop), ``clerk`` of a dealer, or ``hq``.
Addresses may name what ``stage.py`` prepared: ``{order}``, ``{cashier}``, ``{part}``, ``{compared}``, ``{vehicle}``,
``{service}``, ``{visit}``, ``{work_order}``, ``{waiting_order}``, ``{handover}``, ``{trade_in}``, and where the dealer
(``desk_…``) and headquarters (``hq_…``) see the same. ``act`` does what it takes to bring a state into view.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

CAR = "/vehicles/jinghong/configure/"


@dataclass(frozen=True)
class Shown:
    """One picture: a page in one state."""

    name: str
    address: str
    who: str = "guest"
    act: Callable[[Page], object] | None = None
    # Only what is on the screen, for what covers it.
    is_screen: bool = False


def _send_empty(page: Page) -> None:
    page.locator("main form button:not([type=button])").last.click()
    page.wait_for_load_state()


def _open_menu(page: Page) -> None:
    menu = page.locator(".menu > summary")
    if menu.is_visible():
        menu.click()


def _ask(page: Page) -> None:
    # Nobody has more than three conversations open: the one of the first picture is gone on with.
    begun = page.locator(".talk__list a", has_text=re.compile(r"^购车咨询$"))
    if begun.count():
        begun.first.click()
        page.wait_for_load_state()
        return
    page.locator("[name=text]").fill("请问周末可以看车吗？")
    _send_empty(page)


PAGES = (
    # The way in
    Shown("home", "/"),
    Shown("menu", "/parts/", act=_open_menu, is_screen=True),
    Shown("vehicles", "/vehicles/"),
    Shown("vehicles-none", "/vehicles/?body=convertible"),
    Shown("vehicle", "/vehicles/jinghong/"),
    Shown("configure", f"{CAR}?option=PAINT-CINNABAR"),
    Shown("configure-packs", f"{CAR}?step=packs"),
    Shown("configure-conflict", f"{CAR}?trim=JINGHONG-EV-680&step=packs&option=PACK-PERFORMANCE&option=PACK-WINTER"),
    Shown("configure-finance", f"{CAR}?step=finance"),
    Shown("finance", "/finance/?price=339000&down=139000&months=36"),
    Shown("finance-wrong", "/finance/?price=1"),
    Shown(
        "trade-in",
        "/finance/trade-in/?price_as_new=200000&first_registered=2023-06-10&mileage_km=45000&condition=GOOD",
    ),
    Shown("my-finance", "/account/finance/", "buyer"),
    Shown("my-trade-in", "{trade_in}", "owner"),
    Shown("dealer-trade-ins", "/dealer/trade-ins/", "clerk"),
    Shown("dealer-trade-in", "{desk_trade_in}", "clerk"),
    Shown("hq-trade-in", "{hq_trade_in}", "hq"),
    Shown("finance-other-offer", "/finance/?price=339000&down=139000&months=36&rate=3&is_flat=on"),
    Shown("inbox", "/account/messages/", "buyer"),
    Shown("loan-apply", "/account/finance/apply/", "buyer"),
    Shown("test-drives", "/test-drives/"),
    Shown("test-drive-stores", "/test-drives/qinglan/"),
    Shown("test-drive-times", "/test-drives/qinglan/st-shanghai-pudong/"),
    Shown("my-test-drives", "/account/test-drives/", "buyer"),
    Shown("dealer-test-drives", "/dealer/test-drives/", "clerk"),
    Shown("dealer-test-drive-day", "/dealer/test-drives/day/", "clerk"),
    Shown("parts", "/parts/"),
    Shown("accessories", "/parts/?kind=accessory"),
    Shown("packages", "/packages/"),
    Shown("search", "/search/?q=滤清器"),
    Shown("search-none", "/search/?q=zzzz"),
    Shown("compare", "/compare/?{compared}"),
    Shown("compare-none", "/compare/"),
    Shown("part", "/products/{part}/"),
    Shown("reviews", "/products/{part}/reviews/"),
    Shown("questions", "/products/{part}/questions/"),
    Shown("stores", "/stores/"),
    Shown("garage", "/garage/", "owner"),
    Shown("garage-none", "/garage/", "buyer"),
    Shown("wishlist", "/wishlist/", "owner"),
    Shown("wishlist-none", "/wishlist/", "buyer"),
    Shown("saved", "/account/configurations/", "owner"),
    Shown("saved-none", "/account/configurations/", "buyer"),
    Shown("my-reviews", "/account/reviews/", "buyer"),
    # Service after the sale
    Shown("my-vehicles", "/account/vehicles/", "owner"),
    Shown("my-vehicle", "{vehicle}", "owner"),
    Shown("vehicle-take-over", "/account/vehicles/take-over/", "owner"),
    Shown("vehicle-take-over-errors", "/account/vehicles/take-over/", "owner", _send_empty),
    Shown("service-work", "{service}", "owner"),
    Shown("service-stores", "{service}stores/?work=ALIGNMENT", "owner"),
    Shown("service-times", "{service}stores/st-shanghai-pudong/?work=ALIGNMENT", "owner"),
    Shown("my-visits", "/account/service/", "owner"),
    Shown("my-visit", "{visit}", "owner"),
    Shown("dealer-visits", "/dealer/service/", "clerk"),
    Shown("dealer-visits-none", "/dealer/service/?show=past&page=1", "clerk"),
    Shown("dealer-visit-day", "/dealer/service/day/", "clerk"),
    Shown("dealer-visit", "{work_order}", "clerk"),
    Shown("dealer-vehicle-check", "/dealer/service/check/?vin=LXCA1PF56SZ000102", "clerk"),
    Shown("dealer-vehicle-check-wrong", "/dealer/service/check/?vin=LXC", "clerk"),
    Shown("hq-service", "/admin/aftersales/servicevisit/overview/", "hq"),
    Shown("hq-reminder-rules", "/admin/aftersales/reminderrule/", "hq"),
    Shown("hq-reminders", "/admin/aftersales/servicereminder/", "hq"),
    # Handover by appointment
    Shown("waiting-order", "{waiting_order}", "owner"),
    Shown("handover", "{handover}", "owner"),
    Shown("handover-times", "{handover}time/", "owner"),
    Shown("dealer-home", "/dealer/", "clerk"),
    Shown("dealer-stock", "/dealer/stock/", "clerk"),
    Shown("dealer-handovers", "/dealer/handovers/", "clerk"),
    Shown("dealer-handover-day", "/dealer/handovers/day/", "clerk"),
    Shown("dealer-handover", "{desk_handover}", "clerk"),
    # Buying
    Shown("cart-empty", "/cart/"),
    Shown("cart", "/cart/", "shopper"),
    Shown("checkout", "/checkout/", "shopper"),
    Shown("checkout-errors", "/checkout/", "shopper", _send_empty),
    Shown("cashier", "{cashier}", "buyer"),
    Shown("order", "{order}", "buyer"),
    Shown("cart-undo", "/cart/", "remover"),
    # The account
    Shown("account", "/account/", "buyer"),
    Shown("login", "/account/login/"),
    Shown("login-errors", "/account/login/", act=_send_empty),
    Shown("signup", "/account/signup/"),
    Shown("login-code", "/account/login/code/"),
    Shown("password-reset", "/account/password/reset/"),
    Shown("email", "/account/email/", "buyer"),
    Shown("phone", "/account/phone/change/", "buyer"),
    Shown("password", "/account/password/change/", "buyer"),
    Shown("two-step", "/account/2fa/", "buyer"),
    Shown("devices", "/account/sessions/", "buyer"),
    # Live service
    Shown("chat", "/chat/"),
    Shown("chat-errors", "/chat/", act=_send_empty),
    Shown("chat-begun", "/chat/", "owner", _ask),
    Shown("chat-own", "/chat/", "owner"),
    Shown("chat-desk", "/admin/chat/", "hq"),
    Shown("chat-desk-left", "/admin/chat/?show=left", "hq"),
    Shown("chat-agents", "/admin/chat/agents/", "hq"),
    Shown("chat-replies", "/admin/chat/replies/", "hq"),
    # The site
    Shown("cookies", "/cookies/"),
    Shown("not-found", "/no-such-page/"),
    Shown("offline", "/offline/"),
    Shown("styleguide", "/styleguide/", "hq"),
)
