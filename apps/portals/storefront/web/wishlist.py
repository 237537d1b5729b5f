"""The wish list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import ProductNotFound, UnknownConfiguration
from apps.kernel.api import DomainError
from apps.kernel.web import answer
from apps.membership.api import add_wish, remove_wish
from apps.portals.storefront.member_selectors import is_for_sale, list_wish_rows, show_guest_wishes
from apps.portals.storefront.web.numbers import read_number
from apps.portals.storefront.web.ways_back import go_back
from apps.portals.storefront.web.wishes import WISH_COOKIE, guest_wishes, remember_wishes


@never_cache
@require_safe
@open_to_everyone
def wishlist(request: HttpRequest) -> HttpResponse:
    """Show what the visitor wished for, with the prices of now."""
    if request.user.is_authenticated:
        rows = list_wish_rows(request.user, at=timezone.now())
    else:
        rows = show_guest_wishes(guest_wishes(request))
    response = render(request, "storefront/wishlist.html", {"rows": rows})
    return _tidy(request, response)


@require_POST
@open_to_everyone
def add(request: HttpRequest) -> HttpResponse:
    """Put a product on the wish list; htmx gets the pressed heart alone."""
    product_id = read_number(request.POST.get("product_id")) or 0
    configuration_id = request.POST.get("configuration_id", "")[:36] or None
    wishes = guest_wishes(request)
    try:
        if request.user.is_authenticated:
            add_wish(member=request.user, product_id=product_id, configuration_id=configuration_id, now=timezone.now())
        elif not is_for_sale(product_id):
            return answer(request, ProductNotFound(product_id=product_id))
    except (ProductNotFound, UnknownConfiguration):
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return go_back(request, reverse("shop:wishlist"))
    response = _answer(request, product_id, is_wished=True)
    return remember_wishes(response, [product_id, *wishes]) if _is_guest(request) else _tidy(request, response)


@require_POST
@open_to_everyone
def remove(request: HttpRequest) -> HttpResponse:
    """Take a product off the wish list; htmx gets the heart alone."""
    product_id = read_number(request.POST.get("product_id")) or 0
    response = _answer(request, product_id, is_wished=False)
    if _is_guest(request):
        return remember_wishes(response, [pk for pk in guest_wishes(request) if pk != product_id])
    remove_wish(
        member=request.user,
        product_id=product_id,
        configuration_id=request.POST.get("configuration_id", "")[:36] or None,
    )
    return _tidy(request, response)


def _answer(request: HttpRequest, product_id: int, *, is_wished: bool) -> HttpResponse:
    if request.htmx:
        context = {"product_id": product_id, "is_wished": is_wished}
        return render(request, "storefront/_heart.html", context)
    if is_wished:
        messages.success(request, _("It is on your wish list."))
    return redirect("shop:wishlist")


def _is_guest(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def _tidy(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What a member wished for as a guest came along at sign-in; the cookie has had its day."""
    if request.user.is_authenticated and WISH_COOKIE in request.COOKIES:
        response.delete_cookie(WISH_COOKIE, samesite="Lax")
    return response
