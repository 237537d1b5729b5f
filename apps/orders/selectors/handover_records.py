"""Reads of handover records: what belongs to a car, how far a record is, who may see it."""

from datetime import date

from django.db.models import Prefetch

from apps.orders.errors import FulfilmentNotFound
from apps.orders.models import Fulfilment, HandedItem, HandoverItem, HandoverPhoto, HandoverRecord, HandoverText
from apps.orders.policies.handovers import Progress, Step, next_step
from apps.orders.policies.inspections import belongs
from apps.orders.selectors.appointments import cars_of
from apps.orders.states import RecordStatus


def list_items_for(fulfilment: Fulfilment) -> list[HandoverItem]:
    """List the papers and the welcome pack of a fulfilment's cars, in order; an unknown car gets what all cars get."""
    trims = [getattr(car.line.item.product, "trim", None) for car in cars_of(fulfilment)]
    powertrains = {trim.model.powertrain if trim else "" for trim in trims} or {""}
    rows = HandoverItem.objects.filter(is_active=True).order_by("-kind", "position", "pk")
    return [
        row
        for row in rows
        if any(
            belongs(body_types=[], powertrains=row.powertrains, body_type="", powertrain=powertrain)
            for powertrain in powertrains
        )
    ]


def find_record(fulfilment_id: int) -> HandoverRecord | None:
    """Return the record of a fulfilment with what was given and the photos; None where no handover was begun."""
    items = Prefetch("items", HandedItem.objects.order_by("position", "pk"))
    photos = Prefetch("photos", HandoverPhoto.objects.select_related("file").order_by("pk"))
    rows = HandoverRecord.objects.select_related("file", "signature").prefetch_related(items, photos)
    return rows.filter(fulfilment=fulfilment_id).first()


def access_record(*, fulfilment_id: int, organization_id: int) -> HandoverRecord:
    """
    Return the record of a handover of the organization.

    :raises FulfilmentNotFound: if it is another dealer's, or no handover was begun
    """
    record = find_record(fulfilment_id)
    if record is None or record.organization_id != organization_id:
        raise FulfilmentNotFound
    return record


def step_of(record: HandoverRecord) -> Step | None:
    """Return the step that comes next, None once the car is handed over."""
    return next_step(
        Progress(
            has_identity=record.identity_checked_at is not None,
            has_papers=record.papers_given_at is not None,
            has_pack=record.pack_given_at is not None,
            photos=len(record.photos.all()),
            is_signed=record.status != RecordStatus.OPEN,
            is_closed=record.status == RecordStatus.CLOSED,
        )
    )


def find_text(day: date) -> HandoverText | None:
    """Return what is signed on a day by the calendar at the store; None where staff have dated nothing."""
    return HandoverText.objects.filter(valid__contains=day).first()
