"""Handovers at the dealer's stores: who has no time yet, who comes, the day, and the page that walks the steps."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, mask_phone, require_roles
from apps.dealers.api import Store
from apps.kernel.api import DomainError, NotFound, private_files
from apps.kernel.web import add_to_form
from apps.orders.api import (
    FETCHABLE,
    Fulfilment,
    FulfilmentStatus,
    HandedKind,
    access_fulfilment,
    add_handover_photo,
    begin_handover,
    book_handover,
    cancel_handover,
    cars_of,
    check_identity,
    complete_handover,
    find_appointment,
    find_record,
    find_text,
    give_items,
    list_appointments,
    list_areas,
    list_inspections,
    list_to_arrange,
    local_time,
    miss_handover,
    move_handover,
    sign_handover,
)
from apps.orders.errors import HandoverIncomplete, InvalidHandover
from apps.portals.dealer.drawn import read_drawn
from apps.portals.dealer.handover_day import lay_out
from apps.portals.dealer.handover_forms import make_forms
from apps.portals.dealer.handover_steps import list_steps
from apps.portals.dealer.store_day import at_store, open_day, show_day
from apps.portals.worklist import possible_moves

PAGE_SIZE = 20
# The input that a refusal is about where it names none.
ABOUT = {"book": "local", "move": "local", "papers": "given", "pack": "given", "hand-over": "code"}
DEALERS = (Role.DEALER_MANAGER, Role.DEALER_CLERK)


@never_cache
@require_safe
@require_roles(*DEALERS)
def handovers(request: HttpRequest) -> HttpResponse:
    """List the handovers ahead, the next one first, and the cars whose buyers have no time yet."""
    organization = current_organization(request, OrganizationKind.DEALER)
    show = request.GET.get("show", "")
    found = list_appointments(organization.pk)
    if show == "past":
        found = found.exclude(ended_at=None).order_by("-booking__starts_at", "-pk")
    else:
        show, found = "", found.filter(ended_at=None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [(one, local_time(one.fulfilment, one.booking.starts_at)) for one in page.object_list],
        "page": page,
        "show": show,
        "waiting": [] if show else list(list_to_arrange(organization.pk)[:PAGE_SIZE]),
    }
    return render(request, "portals/dealer/handovers.html", context)


@never_cache
@require_safe
@require_roles(*DEALERS)
def day(request: HttpRequest) -> HttpResponse:
    """Show one day of a store: each handover area with its appointments by the hour."""
    organization = current_organization(request, OrganizationKind.DEALER)
    stores = list(Store.objects.filter(dealer__organization=organization, has_sales=True).order_by("code"))
    shown = open_day(request, stores)
    context = show_day(shown, stores)
    if shown is not None:
        areas = list(list_areas(shown.store.pk))
        found = list_appointments(organization.pk, since=shown.begins, until=shown.ends, store_id=shown.store.pk)
        context |= {"areas": areas, "rows": lay_out(areas, found, day=shown.day, zone=shown.store.time_zone)}
    return render(request, "portals/dealer/handover_day.html", context)


@never_cache
@require_safe
@require_roles(*DEALERS)
def handover(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Show one handover: its time, what is done, and the next step."""
    return _show(request, _open(request, fulfilment_id))


@require_POST
@require_roles(*DEALERS)
def act(request: HttpRequest, fulfilment_id: int, name: str) -> HttpResponse:
    """Do one step of a handover; what was typed stays on the page where it is refused."""
    if name not in ACTS:
        raise Http404
    found = _open(request, fulfilment_id)
    sent = make_forms(name, request.POST, request.FILES, record=find_record(found.pk))
    form = sent.get(name)
    if form is not None and not form.is_valid():
        return _show(request, found, name=name, sent=sent, status=422)
    keys = {
        "fulfilment_id": found.pk,
        "organization_id": found.receiver_id,
        "by": request.user,
        "now": timezone.now(),
    }
    try:
        told = ACTS[name](found, form.cleaned_data if form else {}, keys)
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        if form is None:
            messages.error(request, str(refusal), extra_tags="bad")
            return redirect("dealer-handover", fulfilment_id)
        if isinstance(refusal, HandoverIncomplete):
            form.missing = set(refusal.context["items"])
        if name in ABOUT and not set(refusal.fields) & set(form.fields):
            form.add_error(ABOUT[name], str(refusal))
        else:
            add_to_form(form, refusal)
        return _show(request, _open(request, fulfilment_id), name=name, sent=sent, status=422)
    messages.success(request, told)
    return redirect("dealer-handover", fulfilment_id)


def _open(request: HttpRequest, fulfilment_id: int) -> Fulfilment:
    """Return a hand-over of a car at one of the dealer's own stores."""
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        found = access_fulfilment(fulfilment_id=fulfilment_id, organization_id=organization.pk)
    except NotFound:
        raise Http404 from None
    if found.receiver_id != organization.pk or not found.has_vehicle:
        raise Http404
    return found


def _show(
    request: HttpRequest,
    found: Fulfilment,
    *,
    name: str = "",
    sent: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    record, order, organization_id = find_record(found.pk), found.order, found.receiver_id or 0
    appointment = find_appointment(found.pk)
    ahead = appointment if appointment is not None and appointment.is_ahead else None
    shown = sent or make_forms(record=record)
    is_open = found.status in FETCHABLE
    context = {
        "fulfilment": found,
        "order": order,
        "record": record,
        "cars": cars_of(found),
        "appointment": ahead,
        "local": local_time(found, ahead.booking.starts_at) if ahead else None,
        "is_done": found.status == FulfilmentStatus.HANDED_OVER,
        "may_book": is_open and ahead is None and list_areas(found.store_id or 0).exists(),
        "may_begin": found.status == FulfilmentStatus.READY and record is None,
        # Nobody is missed before the time has come.
        "may_miss": ahead is not None and ahead.booking.starts_at <= now,
        "moves": [one for one in possible_moves(found, organization_id=organization_id) if one.name != "hand-over"],
        "inspections": list_inspections(found.pk, organization_id=organization_id),
        "has_code": found.status in (FulfilmentStatus.READY, FulfilmentStatus.HANDED_OVER),
        "buyer": order.recipient_name if is_open else "",
        "phone": mask_phone(order.recipient_phone or order.phone) if is_open else "",
        "forms": {code.replace("-", "_"): form for code, form in shown.items()},
        "wrong": next((form for form in shown.values() if form.errors), None),
        "steps": list_steps(record, sent=name) if record else [],
        "statement": find_text(local_time(found, now).date()),
        "photos": [_link(photo.file, request, now) for photo in record.photos.all()] if record else [],
        "signature": _link(record.signature, request, now) if record and record.signature else "",
        "paper_url": _link(record.file, request, now) if record and record.file else "",
        "signed_at": local_time(found, record.signed_at) if record and record.signed_at else None,
    }
    return render(request, "portals/dealer/handover.html", context, status=status)


def _link(file: Any, request: HttpRequest, now: datetime) -> str:
    return private_files.signed_url(file=file, viewer=request.user, now=now)


def _at_store(found: Fulfilment, data: dict[str, Any]) -> datetime:
    return at_store(data["local"], found.store.time_zone if found.store else "UTC")


def _book(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    book_handover(**keys, starts_at=_at_store(found, data))
    return _("Booked. The buyer has been told, and it is in your calendar.")


def _move(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    move_handover(**keys, starts_at=_at_store(found, data))
    return _("Moved. The buyer has been told.")


def _cancel(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    cancel_handover(**keys, **data)
    return _("Cancelled. The buyer has been told, and may choose another time.")


def _no_show(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    miss_handover(**keys)
    return _("Noted: nobody came.")


def _begin(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    begin_handover(**keys)
    return _("Begun. Go through the steps together with whoever receives the car.")


def _identity(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    check_identity(**keys, **data)
    return _("Saved.")


def _papers(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    give_items(**keys, kind=HandedKind.PAPER, codes=data["given"])
    return _("Saved.")


def _pack(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    give_items(**keys, kind=HandedKind.PACK, codes=data["given"])
    return _("Saved.")


def _photo(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    add_handover_photo(**keys, upload=data["photo"])
    return _("Saved.")


def _sign(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    sign_handover(
        **keys,
        name=data["name"],
        agrees=data["agree"],
        kilometres=data["kilometres"],
        signature=read_drawn(data["drawn"], refusal=InvalidHandover),
    )
    return _("Signed. Now the code, and the keys.")


def _hand_over(found: Fulfilment, data: dict[str, Any], keys: dict[str, Any]) -> str:
    complete_handover(**keys, code=data["code"])
    return _("Handed over. The buyer gets the record and the first service by message.")


ACTS: dict[str, Callable[..., str]] = {
    "book": _book,
    "move": _move,
    "cancel": _cancel,
    "no-show": _no_show,
    "begin": _begin,
    "identity": _identity,
    "papers": _papers,
    "pack": _pack,
    "photo": _photo,
    "sign": _sign,
    "hand-over": _hand_over,
}
