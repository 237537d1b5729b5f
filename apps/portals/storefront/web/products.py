"""What happens on the page of a part, accessory or package."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductNotFound, find_product_id
from apps.kernel.api import DomainError
from apps.orders.api import put_line
from apps.portals.storefront.web.carts import cart_ref, remember_cart
from apps.portals.storefront.web.numbers import read_number


@require_POST
@open_to_everyone
def add_to_cart(request: HttpRequest, slug: str) -> HttpResponse:
    """Put pieces of a product into the cart and show it; a refusal leads back with its reason."""
    try:
        cart_id = put_line(
            cart_ref=cart_ref(request),
            product_id=find_product_id(slug),
            quantity=read_number(request.POST.get("quantity")) or 0,
            vehicle_id=read_number(request.POST.get("vehicle_id")),
            now=timezone.now(),
        )
    except ProductNotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if is_ours else reverse("shop:product", args=[slug]))
    return remember_cart(request, redirect("shop:cart"), cart_id)
