"""What is the visitor's own on a page that is the same for everybody."""

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.orders.api import count_pieces
from apps.portals.storefront.web.cars import visitor_cars
from apps.portals.storefront.web.carts import cart_ref
from apps.portals.storefront.web.wishes import wished_ids


@never_cache
@require_safe
@open_to_everyone
def holes(request: HttpRequest) -> JsonResponse:
    """
    Fill the holes of a cached page: ``<span data-hole="cart-count">`` gets the value under that name.

    ``cart-count`` is a number, ``account`` the words on the door to the account, ``wishes`` the products on the wish
    list: it presses their hearts. See ``static/js/shop.js``.
    """
    words = _("My account") if request.user.is_authenticated else _("Sign in")
    return JsonResponse(
        {"cart-count": count_pieces(cart_ref(request)), "account": words, "wishes": wished_ids(request)}
    )


def own_tools(request: HttpRequest) -> Mapping[str, str]:
    """Return what a kept page shows a member of its own without a script: the doors to account and cart."""
    context = {"request": request, "cart_count": count_pieces(cart_ref(request))}
    return {"tools": get_template("storefront/_tools.html").render(context)}


def own_tools_without_garage(request: HttpRequest) -> Mapping[str, str] | None:
    """As ``own_tools``, for pages on which the cars of a member's garage show too: None for who has one."""
    return None if visitor_cars(request) else own_tools(request)
