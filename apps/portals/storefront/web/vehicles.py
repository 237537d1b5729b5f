"""Cars: the list, and one series with its configurator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from apps.catalog.api import BodyType, Powertrain, Series, configure, evaluate_configuration, get_product
from apps.kernel.api import DomainError
from apps.orders.api import add_line
from apps.portals.storefront import configurator
from apps.portals.storefront.selectors import list_series_cards, list_trim_cards, vehicle_picture
from apps.portals.storefront.web.carts import cart_ref, remember_cart

MOST_OPTIONS = 60


@require_safe
def vehicles(request: HttpRequest) -> HttpResponse:
    """List the series, narrowed by body type and powertrain."""
    body_type, powertrain = request.GET.get("body", ""), request.GET.get("power", "")
    context = {
        "series": list_series_cards(body_type=body_type, powertrain=powertrain),
        "body_types": BodyType.choices,
        "powertrains": Powertrain.choices,
        "body_type": body_type,
        "powertrain": powertrain,
    }
    return render(request, "storefront/vehicles.html", context)


@require_safe
def vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one series: its trims and the configurator of the chosen one; htmx gets the configurator alone."""
    series = get_object_or_404(Series, slug=slug, is_public=True)
    trims = list_trim_cards(series)
    if not trims:
        raise Http404
    chosen = next((row for row in trims if row.trim.code == request.GET.get("trim")), trims[0])
    product = get_product(product_id=chosen.trim.product_id)
    asked = configurator.keep_offered(_read_options(request.GET), product.option_groups)
    view = evaluate_configuration(product.id, asked)
    steps = configurator.list_steps(product.option_groups, view)
    context = {
        "series": series,
        "trims": trims,
        "chosen": chosen,
        "product": product,
        "steps": steps,
        "view": view,
        "breakdown": configurator.list_breakdown(view),
        "picture": vehicle_picture(series, configurator.find_paint(steps)),
        "share_url": f"{request.path}?{urlencode([('trim', chosen.trim.code), *(('option', c) for c in view.selected)])}",
    }
    template = "storefront/_configurator.html" if request.htmx else "storefront/vehicle.html"
    return render(request, template, context)


def _read_options(data: QueryDict) -> list[str]:
    """Return the chosen codes: a step with one answer has a field of its own (option1, option2…)."""
    return [code for name in data if name.startswith("option") for code in data.getlist(name)][:MOST_OPTIONS]


@require_POST
def order_vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the car as configured into the cart."""
    trim, options = request.POST.get("trim", ""), _read_options(request.POST)
    series = get_object_or_404(Series, slug=slug, is_public=True)
    chosen = next((row for row in list_trim_cards(series) if row.trim.code == trim), None)
    if chosen is None:
        raise Http404
    now = timezone.now()
    by = request.user if request.user.is_authenticated else None
    try:
        configuration = configure(product_id=chosen.trim.product_id, option_codes=options, by=by, now=now)
        cart = add_line(
            cart_ref=cart_ref(request),
            product_id=chosen.trim.product_id,
            quantity=1,
            configuration_id=configuration.pk,
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        query = urlencode([("trim", trim), *(("option", code) for code in options)])
        return redirect(f"{reverse('vehicle', args=[slug])}?{query}")
    return remember_cart(request, redirect("cart"), cart.id)
