"""Talking to a dealer about a car: a form on a page of its own, with the car as it was configured."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts.api import open_to_everyone
from apps.catalog.api import configure
from apps.dealers.api import Store, UnknownStore, find_store, list_stores
from apps.kernel.api import DomainError
from apps.kernel.web import add_to_form
from apps.leads.api import Interest, LeadSource, interest_in, open_lead
from apps.portals.storefront.car_wish import Place
from apps.portals.storefront.talk_form import TalkForm
from apps.portals.storefront.web.configure import Visit, open_visit
from apps.portals.storefront.web.ways_back import posted


class LeadThrottle(SimpleRateThrottle):
    """So many requests of one network address."""

    scope = "leads"

    def get_cache_key(self, request, view) -> str:
        """Count by the caller's address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


@open_to_everyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask how the store can reach somebody, and pass it on; works without a script."""
    visit = open_visit(slug, request.POST if request.method == "POST" else request.GET)
    form = TalkForm(posted(request), stores=list_stores(service="sales"), initial=_known(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        if not LeadThrottle().allow_request(request, None):
            form.add_error(None, _("Too many requests. Please wait a moment."))
            status = 429
        else:
            try:
                return _pass_on(request, visit, form)
            except DomainError as refusal:
                # A phone number's limit tells strangers nothing they may not know: it asked, and it will be called.
                add_to_form(form, refusal)
    context = {
        "series": visit.showroom.series,
        "chosen": visit.stage.shown if visit.wish.trim else None,
        "car": visit.chosen.car,
        "view": visit.chosen.view,
        "form": form,
        "back_url": _back_to(visit),
        "sent_to": _find_sent(request),
    }
    return render(request, "storefront/talk.html", context, status=422 if form.errors and status == 200 else status)


def _pass_on(request: HttpRequest, visit: Visit, form: TalkForm) -> HttpResponse:
    now = timezone.now()
    data = form.cleaned_data
    person = request.user if request.user.is_authenticated else None
    is_configured = bool(visit.wish.trim)
    lead = open_lead(
        source=LeadSource.CONFIGURATOR if is_configured else LeadSource.VEHICLE_PAGE,
        store_id=data["store"],
        name=data["name"],
        phone=data["phone"],
        has_consent=data["consent"],
        message=data["message"],
        interest=_interest(request, visit, now=now),
        member=person,
        by=person,
        now=now,
    )
    here = reverse("shop:talk", args=[visit.showroom.series.slug])
    return redirect(f"{here}?{urlencode({'sent': lead.store.code})}")


def _interest(request: HttpRequest, visit: Visit, *, now) -> Interest:
    """What the person looked at: the car as configured, the trim where that cannot be built, else the series."""
    series = visit.showroom.series
    if not visit.wish.trim:
        return Interest(name_zh=series.name_zh, name_en=series.name_en)
    product_id = visit.stage.shown.trim.product_id
    if visit.chosen.view.conflicts:
        return interest_in(product_id=product_id)
    built = configure(
        product_id=product_id,
        option_codes=visit.chosen.car.options,
        by=request.user if request.user.is_authenticated else None,
        now=now,
    )
    return interest_in(configuration_id=built.pk)


def _known(request: HttpRequest) -> dict[str, str]:
    """What we know of a signed-in person, to save the typing."""
    if not request.user.is_authenticated:
        return {}
    return {"name": request.user.get_full_name(), "phone": (request.user.phone or "").removeprefix("+86")}


def _find_sent(request: HttpRequest) -> Store | None:
    """The store a request was just passed on to, by its code in the address."""
    code = request.GET.get("sent", "")[:60]
    try:
        return find_store(code) if code else None
    except UnknownStore:
        return None


def _back_to(visit: Visit) -> str:
    """The configurator with the car, or the page of the series."""
    slug = visit.showroom.series.slug
    if visit.wish.trim:
        return Place(base=reverse("shop:configure", args=[slug]), car=visit.chosen.car).address()
    return reverse("shop:vehicle", args=[slug])
