"""The printed record of a handover, and what buyers are told around it."""

import base64
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from apps.kernel.api import PrivateFile, print_pdf, private_files
from apps.orders.models import Fulfilment, HandoverAppointment, HandoverRecord
from apps.orders.selectors.appointments import cars_of, list_areas, local_time
from apps.orders.services.fulfilments import store_names
from apps.orders.services.timeline import handover_link, tell_buyer

PRINTED_AT_ONCE = 50


def print_record(*, record_id: int, now: datetime) -> HandoverRecord:
    """
    Print what was signed and keep the PDF with its hash; repeating it changes nothing.

    :raises PrinterMissing: if this machine cannot print; it is tried again later
    """
    rows = HandoverRecord.objects.select_related("fulfilment__store__dealer", "fulfilment__order", "file", "signature")
    record = rows.get(pk=record_id)
    if record.file_id is not None or record.signed_at is None:
        return record
    fulfilment = record.fulfilment
    with translation.override(record.language):
        page = render_to_string(
            "orders/handover_paper.html",
            {
                "record": record,
                "fulfilment": fulfilment,
                "cars": cars_of(fulfilment),
                "signature": _as_data(record.signature),
                "signed_at": local_time(fulfilment, record.signed_at),
            },
        )
    pdf = print_pdf(page)
    with transaction.atomic():
        locked = HandoverRecord.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        if locked.file_id is None:
            name = f"handover-{fulfilment.order.number}-{fulfilment.pk}.pdf"
            locked.file = private_files.store(upload=ContentFile(pdf, name=name), by=None, now=now)
            locked.file_digest = locked.file.digest
            locked.save(update_fields=["file", "file_digest"])
        return locked


def print_records(*, now: datetime) -> int:
    """
    Print what was signed and is not printed yet, the oldest first; safe to repeat. Returns how many there were.

    :raises PrinterMissing: if this machine cannot print; they wait
    """
    unprinted = HandoverRecord.objects.filter(file=None, signed_at__isnull=False).order_by("pk")
    waiting = list(unprinted.values_list("pk", flat=True)[:PRINTED_AT_ONCE])
    for record_id in waiting:
        print_record(record_id=record_id, now=now)
    return len(waiting)


@transaction.atomic
def offer_handover(*, fulfilment_id: int, now: datetime) -> bool:
    """Ask the buyer of a car that arrived to choose a time; False where the store arranges handovers by phone."""
    fulfilment = _find(fulfilment_id)
    if not fulfilment.has_vehicle or fulfilment.store_id is None or not list_areas(fulfilment.store_id).exists():
        return False
    _tell(fulfilment, "handover_offered", now=now)
    return True


@transaction.atomic
def thank_buyer(*, fulfilment_id: int, now: datetime) -> None:
    """Send the buyer of a car the way to the signed record and to the first service."""
    fulfilment = _find(fulfilment_id)
    if fulfilment.has_vehicle and fulfilment.store_id is not None:
        _tell(fulfilment, "handover_done", now=now)


@transaction.atomic
def remind_buyer(*, booking_id: int, cause: str, now: datetime) -> None:
    """Remind the buyer of an appointment that is still ahead."""
    appointment = HandoverAppointment.objects.select_related("booking", "store").filter(booking=booking_id).first()
    if appointment is None or not appointment.is_ahead:
        return
    fulfilment = _find(appointment.fulfilment_id)
    local = local_time(fulfilment, appointment.booking.starts_at)
    _tell(fulfilment, "handover_reminder", cause=cause, now=now, time=f"{local:%Y-%m-%d %H:%M}")


def _as_data(file: PrivateFile | None) -> str:
    """Return a picture as an address that brings it along; the printer fetches nothing."""
    if file is None:
        return ""
    with file.content.open("rb") as content:
        return f"data:{file.content_type};base64,{base64.b64encode(content.read()).decode()}"


def _find(fulfilment_id: int) -> Fulfilment:
    return Fulfilment.objects.select_related("order", "store").get(pk=fulfilment_id)


def _tell(fulfilment: Fulfilment, template: str, *, cause: str = "", now: datetime, **words: str) -> None:
    order, names = fulfilment.order, store_names(fulfilment)
    store = names["en"] if order.language.startswith("en") else names["zh"]
    link = handover_link(order, fulfilment.pk)
    tell_buyer(order, template, cause=f"{fulfilment.pk}:{cause}", now=now, store=store, link=link, **words)
