"""Used cars that people bring in part exchange: what waits, and the inspection of one."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.financing.api import (
    TRADE_IN,
    Condition,
    PhotoOf,
    TradeIn,
    TradeInStatus,
    access_dealer_trade_in,
    add_trade_in_photo,
    decline_trade_in,
    inspect_trade_in,
    list_dealer_trade_ins,
)
from apps.kernel.api import DomainError, Money, NotFound, private_files
from apps.kernel.web import add_to_form

PAGE_SIZE = 20


class FindingsForm(forms.Form):
    """What the dealer found; the figure follows from the table."""

    use_required_attribute = False

    mileage_km = forms.IntegerField(
        label=gettext_lazy("Mileage in kilometres"),
        min_value=0,
        max_value=999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    condition = forms.ChoiceField(label=gettext_lazy("Condition of the car"), choices=Condition.choices)
    deduction = forms.DecimalField(
        label=gettext_lazy("Deduction for repairs in yuan"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        initial=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    note = forms.CharField(
        label=gettext_lazy("What you found"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The owner reads this. A deduction needs its reason, and so does a refusal."),
    )


class PhotoForm(forms.Form):
    """A picture of the car, and what it shows."""

    use_required_attribute = False

    shows = forms.ChoiceField(label=gettext_lazy("What the picture shows"), choices=PhotoOf.choices)
    photo = forms.FileField(
        label=gettext_lazy("Picture of the car"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        help_text=gettext_lazy("JPEG or PNG, at most 10 MB. The owner sees it."),
        error_messages={
            "required": gettext_lazy("Please choose a picture (JPEG or PNG)."),
            "empty": gettext_lazy("This file is empty."),
        },
    )


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def trade_ins(request: HttpRequest) -> HttpResponse:
    """List the used cars that were brought, or will be, the newest first."""
    organization = current_organization(request, OrganizationKind.DEALER)
    found = list_dealer_trade_ins(organization_id=organization.pk)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        (row, row.money("offered"), row.money("value") if row.value is not None else None) for row in page.object_list
    ]
    return render(request, "portals/dealer/trade_ins.html", {"page": page, "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def trade_in(request: HttpRequest, number: str) -> HttpResponse:
    """Show one car; note what was found, or decline it."""
    found = _open(request, number)
    if request.method != "POST":
        return _show(request, found)
    form = FindingsForm(request.POST)
    if form.is_valid():
        try:
            messages.success(request, _act(request, found, form.cleaned_data))
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            return redirect("dealer-trade-in", number)
    return _show(request, found, form=form, status=422)


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def add_photo(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a picture of the car."""
    found = _open(request, number)
    form = PhotoForm(request.POST, request.FILES, prefix="photo")
    if form.is_valid():
        try:
            add_trade_in_photo(
                number=number,
                organization_id=found.organization_id,
                shows=form.cleaned_data["shows"],
                upload=form.cleaned_data["photo"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("dealer-trade-in", number)
    return _show(request, found, photo_form=form, status=422)


def _show(
    request: HttpRequest,
    found: TradeIn,
    *,
    form: FindingsForm | None = None,
    photo_form: PhotoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    initial = {"mileage_km": found.mileage_km, "condition": found.condition, "deduction": 0}
    may_inspect = TRADE_IN.can(found, "inspect")
    is_here = found.status in (TradeInStatus.ACCEPTED, TradeInStatus.INSPECTED)
    context = {
        "trade_in": found,
        "offered": found.money("offered"),
        "price_as_new": found.money("price_as_new"),
        "value": found.money("value") if found.value is not None else None,
        "deduction": found.money("deduction"),
        "form": form or (FindingsForm(initial=initial) if may_inspect else None),
        "photo_form": photo_form or (PhotoForm(prefix="photo") if is_here else None),
        "wrong": next((one for one in (form, photo_form) if one is not None and one.errors), None),
        "photos": [
            (photo, private_files.signed_url(file=photo.file, viewer=request.user, now=now))
            for photo in found.photos.select_related("file").order_by("pk")
        ],
    }
    return render(request, "portals/dealer/trade_in.html", context, status=status)


def _act(request: HttpRequest, found: TradeIn, data: dict) -> str:
    about = {
        "number": found.number,
        "organization_id": found.organization_id,
        "by": request.user,
        "now": timezone.now(),
        "note": data["note"],
    }
    if request.POST.get("act") == "decline":
        decline_trade_in(**about)
        return _("The car is declined; its owner sees why.")
    inspected = inspect_trade_in(
        mileage_km=data["mileage_km"],
        condition=data["condition"],
        deduction=Money.rounded(data["deduction"], found.currency),
        **about,
    )
    return _("Noted. The owner is offered %(value)s.") % {"value": inspected.money("value")}


def _open(request: HttpRequest, number: str) -> TradeIn:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        return access_dealer_trade_in(number=number, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None
