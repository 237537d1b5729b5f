"""Whose cart a request means, and the cookie that says so for anonymous visitors."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.orders.api import CART_COOKIE, MAX_AGE_SECONDS, CartRef, read_cart_cookie, write_cart_cookie


def cart_ref(request: HttpRequest) -> CartRef:
    """Return the signed-in user's cart, or the anonymous one of the signed cookie."""
    user = getattr(request, "user", None)
    return carts_of(request, user_id=user.pk if user is not None and user.is_authenticated else None)


def carts_of(request: HttpRequest, *, user_id: int | None) -> CartRef:
    """Return a user's cart beside the anonymous one of the cookie."""
    return CartRef(user_id=user_id, cart_id=read_cart_cookie(request.COOKIES.get(CART_COOKIE)))


def remember_cart(request: HttpRequest, response: HttpResponse, cart_id: int | None) -> HttpResponse:
    """Let an anonymous visitor find this cart again."""
    if cart_id is not None and not request.user.is_authenticated:
        response.set_cookie(
            CART_COOKIE,
            write_cart_cookie(cart_id),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
