"""Leads: the list, the page of one, and everything that is done about it."""

from collections.abc import Callable
from typing import Any

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
from apps.catalog.api import Trim
from apps.dealers.api import Store
from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form
from apps.leads.api import (
    LEAD,
    OPEN,
    Lead,
    LeadStatus,
    access_lead,
    follow_up,
    interest_in,
    list_colleagues,
    list_leads,
    list_sellers,
    list_twins,
    lose_lead,
    merge_leads,
    open_lead,
    qualify_lead,
    reassign_lead,
    reopen_lead,
    reveal_phone,
    set_sellers,
    win_lead,
)
from apps.portals.dealer.clocks import clock_of_lead
from apps.portals.dealer.forms import FollowUpForm, LostForm, NewLeadForm, ReassignForm

PAGE_SIZE = 20
CLOSED = (LeadStatus.WON, LeadStatus.LOST, LeadStatus.MERGED)
SHOWS = {
    "mine": gettext_lazy("Mine"),
    "escalated": gettext_lazy("Escalated"),
    "closed": gettext_lazy("Closed"),
}


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def leads(request: HttpRequest) -> HttpResponse:
    """List a dealer's leads, whose clock runs out first."""
    organization = current_organization(request, OrganizationKind.DEALER)
    show = request.GET.get("show", "")
    if show == "closed":
        found = list_leads(organization.pk, statuses=CLOSED).order_by("-closed_at", "-pk")
    elif show == "mine":
        found = list_leads(organization.pk, owner_id=request.user.pk)
    elif show == "escalated":
        found = list_leads(organization.pk).filter(escalated_at__isnull=False)
    else:
        found = list_leads(organization.pk)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "rows": [(lead, clock_of_lead(lead, now=now)) for lead in page.object_list],
        "page": page,
        "show": show,
        "shows": SHOWS.items(),
    }
    return render(request, "portals/dealer/leads.html", context)


@never_cache
@require_safe
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Show one lead with its story and what to do."""
    return _show(request, _open(request, lead_id))


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def act(request: HttpRequest, lead_id: int, name: str) -> HttpResponse:
    """Do one thing about a lead; what was typed stays on the page where it is refused."""
    if name not in ACTS:
        raise Http404
    found = _open(request, lead_id)
    forms = _forms(found, request, name)
    form = forms.get(name)
    if form is not None and not form.is_valid():
        return _show(request, found, forms=forms, status=422)
    keys = {"lead_id": found.pk, "organization_id": found.organization_id, "by": request.user, "now": timezone.now()}
    try:
        told = ACTS[name](request, form, keys)
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from None
        if form is None:
            messages.error(request, str(refusal), extra_tags="bad")
            return redirect("dealer-lead", lead_id)
        add_to_form(form, refusal)
        return _show(request, _open(request, lead_id), forms=forms, status=422)
    if name == "reveal":
        return _show(request, found, phone=told)
    messages.success(request, told)
    into = request.POST.get("into", "") if name == "merge" else ""
    return redirect("dealer-lead", int(into) if into else lead_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def new_lead(request: HttpRequest) -> HttpResponse:
    """Write down somebody who came in or called."""
    organization = current_organization(request, OrganizationKind.DEALER)
    stores = Store.objects.filter(dealer__organization=organization, is_open=True).order_by("code")
    form = NewLeadForm(request.POST if request.method == "POST" else None, stores=stores, trims=list_trims())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = open_lead(
                source=data["source"],
                store_id=data["store"],
                name=data["name"],
                phone=data["phone"],
                has_consent=data["consent"],
                message=data["message"],
                interest=interest_in(product_id=data["trim"]),
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("dealer-lead", found.pk)
    return render(request, "portals/dealer/lead_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER)
def sellers(request: HttpRequest) -> HttpResponse:
    """Say who takes leads at which store."""
    organization = current_organization(request, OrganizationKind.DEALER)
    stores = Store.objects.filter(dealer__organization=organization).select_related("dealer").order_by("code")
    if request.method == "POST":
        chosen = next((store for store in stores if str(store.pk) == request.POST.get("store", "")), None)
        if chosen is None:
            raise Http404
        ids = {int(value) for value in request.POST.getlist("seller") if value.isdigit() and len(value) < 19}
        try:
            set_sellers(
                store=chosen, organization_id=organization.pk, user_ids=ids, by=request.user, now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, str(refusal), extra_tags="bad")
        else:
            messages.success(request, _("Saved."))
        return redirect("dealer-sellers")
    context = {
        "rows": [(store, {one.pk for one in list_sellers(store)}) for store in stores],
        "colleagues": list_colleagues(organization.pk),
    }
    return render(request, "portals/dealer/sellers.html", context)


def list_trims() -> list[tuple[int, str]]:
    """List the cars on sale as a choice: product id and name."""
    trims = (
        Trim.objects.filter(model__series__brand__is_own=True, model__series__is_public=True, product__is_public=True)
        .select_related("model__series", "product__info")
        .order_by("model__series__position", "model__pk", "position", "pk")
    )
    return [(trim.product_id, trim.product.info.title) for trim in trims]


def _open(request: HttpRequest, lead_id: int) -> Lead:
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        return access_lead(lead_id=lead_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None


def _forms(found: Lead, request: HttpRequest, sent: str = "") -> dict[str, Any]:
    """Return the forms of a lead's page; the one that was sent holds what was typed."""

    def data(name: str) -> Any:
        return request.POST if name == sent else None

    colleagues = [one for one in list_colleagues(found.organization_id) if one.pk != found.owner_id]
    return {
        "follow-up": FollowUpForm(data("follow-up"), prefix="f"),
        "lose": LostForm(data("lose"), prefix="l"),
        "reassign": ReassignForm(data("reassign"), prefix="r", colleagues=colleagues),
    }


def _show(
    request: HttpRequest, found: Lead, *, forms: dict[str, Any] | None = None, phone: str = "", status: int = 200
) -> HttpResponse:
    forms = forms or _forms(found, request)
    story = [
        *({"at": one.at, "entry": one} for one in found.follow_ups.all()),
        *({"at": one.at, "assignment": one} for one in found.assignments.all()),
    ]
    context = {
        "lead": found,
        "clock": clock_of_lead(found, now=timezone.now()),
        "phone": phone or found.masked_phone,
        "is_revealed": bool(phone),
        "is_open": found.status in OPEN,
        "may_qualify": LEAD.can(found, "qualify"),
        "may_win": LEAD.can(found, "win"),
        "may_reopen": LEAD.can(found, "reopen"),
        "twins": list_twins(found),
        "quotes": list(found.quotes.order_by("-issued_at")),
        "story": sorted(story, key=lambda row: row["at"], reverse=True),
        "follow_up_form": forms["follow-up"],
        "lost_form": forms["lose"],
        "reassign_form": forms["reassign"],
    }
    return render(request, "portals/dealer/lead.html", context, status=status)


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not (value.isdigit() and len(value) < 19):
        raise Http404
    return int(value)


def _follow_up(request: HttpRequest, form: FollowUpForm, keys: dict[str, Any]) -> str:
    follow_up(**keys, **form.cleaned())
    return _("Saved.")


def _qualify(request: HttpRequest, form: None, keys: dict[str, Any]) -> str:
    qualify_lead(**keys)
    return _("Noted: wants to buy.")


def _win(request: HttpRequest, form: None, keys: dict[str, Any]) -> str:
    win_lead(**keys, note=request.POST.get("note", "")[:500].replace("\x00", ""))
    return _("Congratulations: won.")


def _lose(request: HttpRequest, form: LostForm, keys: dict[str, Any]) -> str:
    lose_lead(**keys, **form.cleaned_data)
    return _("Closed.")


def _reopen(request: HttpRequest, form: None, keys: dict[str, Any]) -> str:
    reopen_lead(**keys)
    return _("Taken up again.")


def _reassign(request: HttpRequest, form: ReassignForm, keys: dict[str, Any]) -> str:
    moved = reassign_lead(**keys, owner_id=form.cleaned_data["owner"], reason=form.cleaned_data["reason"])
    return _("Now with %(seller)s.") % {"seller": moved.owner}


def _merge(request: HttpRequest, form: None, keys: dict[str, Any]) -> str:
    merge_leads(**keys, into_id=_number(request, "into"))
    return _("The two leads are one now.")


def _reveal(request: HttpRequest, form: None, keys: dict[str, Any]) -> str:
    return reveal_phone(**keys, reason=request.POST.get("reason", "")[:500].replace("\x00", ""))


ACTS: dict[str, Callable[..., str]] = {
    "follow-up": _follow_up,
    "qualify": _qualify,
    "win": _win,
    "lose": _lose,
    "reopen": _reopen,
    "reassign": _reassign,
    "merge": _merge,
    "reveal": _reveal,
}
