"""
Every page the gallery takes a picture of: the one list. Add yours here.

A page is a name, an address, and who looks at it: ``guest``, ``shopper`` and ``remover`` (guests with a filled cart),
``buyer`` (signed in, with an order paid in part and one that waits for its payment) or ``hq``. Addresses may name what
``stage.py`` prepared: ``{order}``, ``{cashier}``, ``{part}``. ``act`` does what it takes to bring a state into view.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


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


PAGES = (
    # The way in
    Shown("home", "/"),
    Shown("menu", "/parts/", act=_open_menu, is_screen=True),
    Shown("vehicles", "/vehicles/"),
    Shown("vehicles-none", "/vehicles/?body=convertible"),
    Shown("vehicle", "/vehicles/jinghong/"),
    Shown("configure", "/vehicles/jinghong/configure/?option=PAINT-CINNABAR"),
    Shown("configure-packs", "/vehicles/jinghong/configure/?step=packs"),
    Shown("configure-conflict", "/vehicles/jinghong/configure/?option=PACK-PERFORMANCE&option=PACK-WINTER"),
    Shown("configure-finance", "/vehicles/jinghong/configure/?step=finance"),
    Shown("parts", "/parts/"),
    Shown("accessories", "/parts/?kind=accessory"),
    Shown("packages", "/packages/"),
    Shown("search", "/search/?q=滤清器"),
    Shown("search-none", "/search/?q=zzzz"),
    Shown("compare", "/compare/"),
    Shown("part", "/products/{part}/"),
    Shown("reviews", "/products/{part}/reviews/"),
    Shown("questions", "/products/{part}/questions/"),
    Shown("stores", "/stores/"),
    Shown("garage", "/garage/", "buyer"),
    Shown("wishlist", "/wishlist/", "buyer"),
    Shown("saved", "/account/configurations/", "buyer"),
    Shown("my-reviews", "/account/reviews/", "buyer"),
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
    # The site
    Shown("cookies", "/cookies/"),
    Shown("not-found", "/no-such-page/"),
    Shown("offline", "/offline/"),
    Shown("styleguide", "/styleguide/", "hq"),
)
