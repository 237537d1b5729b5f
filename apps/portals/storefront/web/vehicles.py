"""Cars: the list, and one series with its configurator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.catalog.api import (
    BodyType,
    ConfigurationView,
    Powertrain,
    ProductDetail,
    Series,
    configure,
    evaluate_configuration,
    get_product,
)
from apps.kernel.api import DomainError
from apps.orders.api import add_line, deposit_for
from apps.portals.storefront import configurator
from apps.portals.storefront.pictures import car_picture, paint_of
from apps.portals.storefront.selectors import (
    TrimCard,
    list_body_types,
    list_powertrains,
    list_series_cards,
    list_trim_cards,
)
from apps.portals.storefront.web.carts import cart_ref, remember_cart

MOST_OPTIONS = 60


@require_safe
def vehicles(request: HttpRequest) -> HttpResponse:
    """List the series, narrowed by body type and powertrain."""
    body_type, powertrain = request.GET.get("body", ""), request.GET.get("power", "")
    body_type = body_type if body_type in BodyType.values else ""
    powertrain = powertrain if powertrain in Powertrain.values else ""
    context = {
        "series": list_series_cards(body_type=body_type, powertrain=powertrain),
        "body_types": list_body_types(),
        "powertrains": list_powertrains(),
        "body_type": body_type,
        "powertrain": powertrain,
    }
    return render(request, "storefront/vehicles.html", context)


@require_safe
@vary_on_headers("HX-Request")
def vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one series: its trims and the configurator of the chosen one; htmx gets the configurator alone."""
    series = get_object_or_404(Series, slug=slug, is_public=True)
    trims = list_trim_cards(series)
    if not trims:
        raise Http404
    chosen = next((row for row in trims if row.trim.code == request.GET.get("trim")), trims[0])
    product = get_product(product_id=chosen.trim.product_id)
    view = evaluate_configuration(
        product.id, configurator.read_choice(_read_options(request.GET), product.option_groups)
    )
    context = _build_context(series, chosen, product, view) | {"trims": trims}
    template = "storefront/_configurator.html" if request.htmx else "storefront/vehicle.html"
    return render(request, template, context)


def _build_context(series: Series, chosen: TrimCard, product: ProductDetail, view: ConfigurationView) -> dict:
    groups = product.option_groups
    here = reverse("shop:vehicle", args=[series.slug])
    remedies = [
        (remedy, f"{here}?{_query(chosen.trim.code, remedy.codes)}#configurator")
        for remedy in configurator.list_remedies(groups, view)
    ]
    paint = configurator.find_paint(view.selected, groups)
    return {
        "series": series,
        "chosen": chosen,
        "product": product,
        "steps": configurator.list_steps(groups, view),
        "view": view,
        "breakdown": configurator.list_breakdown(view),
        "remedies": remedies,
        "deposit": deposit_for(view.price, at=timezone.now()),
        "picture": car_picture(series.code, paint, paint_of(product.image_key), paint_of(series.image_key)),
        "share_url": f"{here}?{_query(chosen.trim.code, view.selected)}",
    }


def _query(trim: str, codes) -> str:
    return urlencode([("trim", trim), *(("option", code) for code in codes)])


def _read_options(data: QueryDict) -> list[str]:
    """Return the chosen codes: every step has a field of its own (option-exterior…), a link says "option"."""
    return [code for name in data if name.startswith("option") for code in data.getlist(name)][:MOST_OPTIONS]


@require_POST
def order_vehicle(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the car as configured into the cart."""
    trim = request.POST.get("trim", "")
    series = get_object_or_404(Series, slug=slug, is_public=True)
    chosen = next((row for row in list_trim_cards(series) if row.trim.code == trim), None)
    if chosen is None:
        raise Http404
    now = timezone.now()
    by = request.user if request.user.is_authenticated else None
    product = get_product(product_id=chosen.trim.product_id)
    asked = _read_options(request.POST)
    try:
        configuration = configure(
            product_id=product.id,
            option_codes=configurator.read_choice(asked, product.option_groups),
            by=by,
            now=now,
        )
        cart = add_line(
            cart_ref=cart_ref(request),
            product_id=product.id,
            quantity=1,
            configuration_id=configuration.pk,
            now=now,
        )
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect(f"{reverse('shop:vehicle', args=[slug])}?{_query(trim, asked)}")
    return remember_cart(request, redirect("shop:cart"), cart.id)
