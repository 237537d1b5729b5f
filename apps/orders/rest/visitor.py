"""Who is calling: a signed-in user, or the holder of a signed cart cookie or of an order's token."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView

from apps.accounts.api import User
from apps.kernel.api import NotFound
from apps.orders import conf
from apps.orders.api import (
    CART_COOKIE,
    MAX_AGE_SECONDS,
    CartRef,
    CartView,
    merge_carts,
    read_cart_cookie,
    write_cart_cookie,
)
from apps.orders.policies.numbers import hash_token

LARGEST_ID = 2**63 - 1


def user_of(request: Request) -> User | None:
    """Return the signed-in user, if one is."""
    return request.user if request.user is not None and request.user.is_authenticated else None


def cart_ref_of(request: Request) -> CartRef:
    """Return whose cart is meant. What a visitor gathered before signing in is merged into the user's cart first."""
    user = user_of(request)
    ref = CartRef(user_id=user.pk if user else None, cart_id=read_cart_cookie(request.COOKIES.get(CART_COOKIE)))
    if ref.user_id is not None and ref.cart_id is not None:
        merge_carts(cart_ref=ref, now=timezone.now())
        return CartRef(user_id=ref.user_id)
    return ref


def checkout_principal(request: Request) -> str:
    """Name whose idempotency key it is: the user's, or the anonymous cart's."""
    user = user_of(request)
    return CartRef(user_id=user.pk if user else None, cart_id=read_cart_cookie(request.COOKIES.get(CART_COOKIE))).owner


def order_principal(request: Request) -> str:
    """Name whose idempotency key it is: the user's, or that of whoever holds the order's token."""
    user = user_of(request)
    # The token itself must not lie in the table of keys.
    return f"user:{user.pk}" if user else f"token:{hash_token(token_of(request) or '')[:32]}"


def token_of(request: Request) -> str | None:
    """Return the order token of a guest."""
    return request.headers.get("X-Order-Token")


def language_of() -> str:
    """Return the language messages about an order are written in."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def return_url() -> str:
    """
    Return where a provider's cashier sends the buyer back to: the shop's cashier.

    It waits there for the provider's news and leads on to the order; coming back proves no payment.
    """
    return f"{conf.site_url()}/checkout/pay/{{number}}/"


def remember_cart(response: Response, request: Request, cart: CartView) -> Response:
    """Give an anonymous visitor the cookie of its cart; take it from one who signed in."""
    if user_of(request) is not None:
        if CART_COOKIE in request.COOKIES:
            response.delete_cookie(CART_COOKIE, samesite="Lax")
    elif cart.id is not None and read_cart_cookie(request.COOKIES.get(CART_COOKIE)) != cart.id:
        response.set_cookie(
            CART_COOKIE,
            write_cart_cookie(cart.id),
            max_age=MAX_AGE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


class OwnerThrottle(ScopedRateThrottle):
    """A view's own rate, per user or cart rather than per address: an office buys through one address."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return the bucket of the caller."""
        owner = checkout_principal(request)
        ident = self.get_ident(request) if owner == "cart:None" else owner
        return self.cache_format % {"scope": self.scope, "ident": ident}


class VisitorView(APIView):
    """A view for everybody: ids beyond what a column holds are not found, scoped rates count per owner."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse ids that no row can have."""
        super().initial(request, *args, **kwargs)
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise NotFound

    def get_throttles(self) -> list[BaseThrottle]:
        """Count the scoped rate per owner."""
        return [
            OwnerThrottle() if type(throttle) is ScopedRateThrottle else throttle
            for throttle in super().get_throttles()
        ]
