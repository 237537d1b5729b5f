"""Reads of inspections."""

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch

from apps.orders.errors import InspectionNotFound
from apps.orders.models import ChecklistItem, Inspection, InspectionItem, InspectionPhoto
from apps.orders.policies.inspections import Checked, Gap, belongs, find_gaps
from apps.orders.states import Section

if TYPE_CHECKING:
    from apps.shop.api import Product

SECTIONS = {section.value: place for place, section in enumerate(Section)}


def list_checklist(product: "Product | None") -> list[ChecklistItem]:
    """List what is to be looked at on a car, section by section; an unknown car gets what belongs to every car."""
    trim = getattr(product, "trim", None) if product is not None else None
    body_type = trim.model.series.body_type if trim is not None else ""
    powertrain = trim.model.powertrain if trim is not None else ""
    rows = ChecklistItem.objects.filter(is_active=True)
    own = [
        row
        for row in rows
        if belongs(body_types=row.body_types, powertrains=row.powertrains, body_type=body_type, powertrain=powertrain)
    ]
    return sorted(own, key=lambda row: (SECTIONS[row.section], row.position, row.pk))


def access_inspection(*, inspection_id: int, organization_id: int) -> Inspection:
    """
    Return an inspection of a fulfilment the organization hands over, with its items and photos.

    :raises InspectionNotFound: if there is none, or it is another dealer's
    """
    photos = Prefetch("photos", InspectionPhoto.objects.select_related("file").order_by("pk"))
    items = Prefetch("items", InspectionItem.objects.prefetch_related(photos).order_by("position", "pk"))
    rows = Inspection.objects.select_related("fulfilment__order", "signature").prefetch_related(items)
    own = rows.filter(pk=inspection_id, fulfilment__receiver=organization_id) if 0 < inspection_id < 2**63 else None
    inspection = own.first() if own is not None else None
    if inspection is None:
        raise InspectionNotFound
    return inspection


def list_inspections(fulfilment_id: int, *, organization_id: int) -> list[Inspection]:
    """List the inspections of a fulfilment the organization hands over."""
    rows = Inspection.objects.filter(fulfilment=fulfilment_id, fulfilment__receiver=organization_id)
    return list(rows.select_related("signature").order_by("pk"))


def gaps_of(inspection: Inspection, *, with_photos: bool) -> dict[str, Gap]:
    """Return what keeps a car from being signed, by the items' codes."""
    items = InspectionItem.objects.filter(inspection=inspection).annotate(taken=Count("photos")).order_by("position")
    return find_gaps(
        (
            Checked(
                code=item.code,
                result=item.result,
                repair_note=item.repair_note,
                needs_photo=item.needs_photo,
                photos=item.taken,
            )
            for item in items
        ),
        with_photos=with_photos,
    )
