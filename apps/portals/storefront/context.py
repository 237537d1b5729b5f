"""What every page of the shop shows in its head."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.orders.api import count_pieces
from apps.portals.storefront.web.carts import cart_ref


def shop(request: HttpRequest) -> dict[str, object]:
    """Return ``cart_count``, asked for only where a template shows it."""
    return {"cart_count": SimpleLazyObject(lambda: count_pieces(cart_ref(request)))}
