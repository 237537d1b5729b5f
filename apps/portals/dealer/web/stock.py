"""What stands at the dealer's own places: cars by VIN and age, parts by figure."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.inventory.api import AGE_BANDS, list_own_levels, list_own_units

PAGE_SIZE = 50


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def stock(request: HttpRequest) -> HttpResponse:
    """List cars with their age, narrowed by ``band`` and by the VIN or name in ``q``."""
    organization = current_organization(request, OrganizationKind.DEALER)
    units = list_own_units(organization.pk, now=timezone.now())
    counts = Counter(unit.band for unit in units)
    asked = request.GET.get("band", "")
    band = int(asked) if asked in {"0", "1", "2", "3"} else None
    query = request.GET.get("q", "").strip()[:40]
    found = [
        unit
        for unit in units
        if (band is None or unit.band == band)
        and (not query or query.upper() in unit.vin or query.lower() in unit.title.lower())
    ]
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    edges = (0, *(days + 1 for days in AGE_BANDS))
    names = [
        *(
            _("%(first)s–%(last)s days") % {"first": first, "last": last}
            for first, last in zip(edges, AGE_BANDS, strict=False)
        ),
        _("over %(days)s days") % {"days": AGE_BANDS[-1]},
    ]
    context = {
        "page": page,
        "bands": [(number, name, counts[number], number == band) for number, name in enumerate(names)],
        "band": band,
        "query": query,
        "total": len(units),
        "oldest": units[0].days if units else 0,
    }
    return render(request, "portals/dealer/stock.html", context)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def parts(request: HttpRequest) -> HttpResponse:
    """List the parts and accessories at the dealer's places with their figures."""
    organization = current_organization(request, OrganizationKind.DEALER)
    page = Paginator(list_own_levels(organization.pk), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portals/dealer/parts.html", {"page": page})
