"""The warranty check: what covers a car, what it is called back for, when it is due; by VIN, without its owner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import Role, require_roles
from apps.aftersales.api import check_warranty, find_vehicle, get_coming, list_open_recalls
from apps.kernel.api import DomainError
from apps.kernel.web import add_to_form
from apps.portals.dealer.service_forms import VinForm


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def check(request: HttpRequest) -> HttpResponse:
    """Show what is known of the car whose VIN was typed; a VIN that is none, or not of ours, is said."""
    form = VinForm(request.GET if "vin" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            vehicle = find_vehicle(form.cleaned_data["vin"])
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            today = timezone.localdate()
            context |= {
                "vehicle": vehicle,
                "coming": get_coming(vehicle, today=today),
                "covers": check_warranty(vehicle, today=today),
                "recalls": list_open_recalls(vehicle.vin),
            }
    return render(request, "portals/dealer/vehicle_check.html", context, status=422 if form.errors else 200)
