"""What the shop does when somebody signs in."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from apps.kernel.api import DomainError
from apps.membership.api import add_car, merge_wishes
from apps.orders.api import merge_carts
from apps.portals.storefront.web.cars import forget_guest_car, guest_car
from apps.portals.storefront.web.carts import carts_of
from apps.portals.storefront.web.wishes import guest_wishes


@receiver(user_logged_in, dispatch_uid="storefront.keep_cart")
def keep_cart(request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Bring along what the visitor had gathered before signing in."""
    if request is not None:
        merge_carts(cart_ref=carts_of(request, user_id=user.pk), now=timezone.now())


@receiver(user_logged_in, dispatch_uid="storefront.keep_wishes")
def keep_wishes(request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Bring along the wishes of the guest's cookie."""
    if request is not None and (wishes := guest_wishes(request)):
        merge_wishes(member=user, product_ids=wishes, now=timezone.now())


@receiver(user_logged_in, dispatch_uid="storefront.keep_car")
def keep_car(request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Bring along the car the guest told of, if there is room for it."""
    product_id = guest_car(request) if request is not None else None
    if request is not None and product_id is not None:
        forget_guest_car(request)
        with suppress(DomainError):
            add_car(member=user, product_id=product_id, now=timezone.now())
