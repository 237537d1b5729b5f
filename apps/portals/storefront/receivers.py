"""What the shop does when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from apps.orders.api import merge_carts
from apps.portals.storefront.web.carts import carts_of


@receiver(user_logged_in, dispatch_uid="storefront.keep_cart")
def keep_cart(request: HttpRequest | None, user: Any, **_: Any) -> None:
    """Bring along what the visitor had gathered before signing in."""
    if request is not None:
        merge_carts(cart_ref=carts_of(request, user_id=user.pk), now=timezone.now())
