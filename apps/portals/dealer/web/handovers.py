"""Handovers at the dealer's stores: who has no time yet, who comes, the day, and the page that walks the steps."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.api import OrganizationKind, Role, current_organization, mask_phone, require_roles
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
from apps.portals.dealer.acting import Act, Desk, Place, to_time
from apps.portals.dealer.drawn import read_drawn
from apps.portals.dealer.handover_day import list_cards
from apps.portals.dealer.handover_forms import make_forms
from apps.portals.dealer.handover_steps import list_steps
from apps.portals.dealer.store_day import answer_day, make_columns
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
    return answer_day(
        request,
        "portals/dealer/handover_day.html",
        stores={"has_sales": True},
        columns=lambda store: make_columns(list_areas(store.pk)),
        cards=list_cards,
    )


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
    return DESK.act(request, fulfilment_id, name)


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
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    record, order, organization_id = find_record(found.pk), found.order, found.receiver_id or 0
    appointment = find_appointment(found.pk)
    ahead = appointment if appointment is not None and appointment.is_ahead else None
    shown = forms or make_forms(record=record)
    sent = next((name for name, form in shown.items() if form.is_bound), "")
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
        "steps": list_steps(record, sent=sent) if record else [],
        "statement": find_text(local_time(found, now).date()),
        "photos": [_link(photo.file, request, now) for photo in record.photos.all()] if record else [],
        "signature": _link(record.signature, request, now) if record and record.signature else "",
        "paper_url": _link(record.file, request, now) if record and record.file else "",
        "signed_at": local_time(found, record.signed_at) if record and record.signed_at else None,
    }
    return render(request, "portals/dealer/handover.html", context, status=status)


def _link(file: Any, request: HttpRequest, now: datetime) -> str:
    return private_files.signed_url(file=file, viewer=request.user, now=now)


def _make_forms(name: str, request: HttpRequest, found: Fulfilment) -> dict[str, Any]:
    return make_forms(name, request.POST, request.FILES, record=find_record(found.pk))


def _keys(found: Fulfilment) -> dict[str, Any]:
    return {"fulfilment_id": found.pk, "organization_id": found.receiver_id}


def _refuse(form: Any, refusal: DomainError) -> None:
    """Put a refusal on the input it is about, also where it names none; papers that are missing are marked."""
    if isinstance(refusal, HandoverIncomplete):
        form.missing = set(refusal.context["items"])
    if form.prefix in ABOUT and not set(refusal.fields) & set(form.fields):
        form.add_error(ABOUT[form.prefix], str(refusal))
    else:
        add_to_form(form, refusal)


def _to_sign(found: Fulfilment, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": data["name"],
        "agrees": data["agree"],
        "kilometres": data["kilometres"],
        "signature": read_drawn(data["drawn"], refusal=InvalidHandover),
    }


def _lies(found: Fulfilment) -> Place | None:
    appointment = find_appointment(found.pk)
    if appointment is None:
        return None
    booking = appointment.booking
    local = local_time(found, booking.starts_at)
    return Place(local=local, resource=booking.resource_id, times_moved=booking.times_moved)


ACTS = {
    "book": Act(
        service=book_handover,
        told=gettext_lazy("Booked. The buyer has been told, and it is in your calendar."),
        reads=to_time,
    ),
    "move": Act(
        service=move_handover,
        told=gettext_lazy("Moved. The buyer is told in a minute, unless you undo it."),
        reads=to_time,
        lies=_lies,
    ),
    "cancel": Act(
        service=cancel_handover,
        told=gettext_lazy("Cancelled. The buyer has been told, and may choose another time."),
    ),
    "no-show": Act(service=miss_handover, told=gettext_lazy("Noted: nobody came.")),
    "begin": Act(
        service=begin_handover,
        told=gettext_lazy("Begun. Go through the steps together with whoever receives the car."),
    ),
    "identity": Act(service=check_identity, told=gettext_lazy("Saved.")),
    "papers": Act(
        service=give_items,
        told=gettext_lazy("Saved."),
        reads=lambda found, data: {"kind": HandedKind.PAPER, "codes": data["given"]},
    ),
    "pack": Act(
        service=give_items,
        told=gettext_lazy("Saved."),
        reads=lambda found, data: {"kind": HandedKind.PACK, "codes": data["given"]},
    ),
    "photo": Act(
        service=add_handover_photo,
        told=gettext_lazy("Saved."),
        reads=lambda found, data: {"upload": data["photo"]},
    ),
    "sign": Act(service=sign_handover, told=gettext_lazy("Signed. Now the code, and the keys."), reads=_to_sign),
    "hand-over": Act(
        service=complete_handover,
        told=gettext_lazy("Handed over. The buyer gets the record and the first service by message."),
    ),
}
DESK = Desk(
    acts=ACTS,
    page="dealer-handover",
    open=_open,
    make_forms=_make_forms,
    keys_of=_keys,
    show=_show,
    refuse=_refuse,
)
