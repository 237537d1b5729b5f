"""
Inspect cars before they are handed over.

At the store somebody goes through the checklist of each car, photographs what needs it, notes faults and their repair,
and signs. When the last car of a fulfilment is signed, the fulfilment is ``PDI_PASSED``. A dealer's own system may
report instead (``pass_pdi``). Every change locks the order first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from apps.kernel.api import MoveNotAllowed, attempts
from apps.orders.errors import (
    InspectionIncomplete,
    InspectionNotFound,
    InvalidInspection,
    NoVehicleAssigned,
    TooManyPhotos,
)
from apps.orders.models import AssignedVehicle, CustomerOrder, Fulfilment, Inspection, InspectionItem, InspectionPhoto
from apps.orders.policies.inspections import Gap
from apps.orders.selectors.inspections import gaps_of, list_checklist
from apps.orders.services import vehicles
from apps.orders.services.fulfilments import is_receiver, lock_fulfilment
from apps.orders.services.pictures import keep_picture
from apps.orders.services.progress import follow_up, move_fulfilment
from apps.orders.services.timeline import add_event
from apps.orders.states import INSPECTION, PICKUP, FulfilmentStatus, InspectionStatus, Result

if TYPE_CHECKING:
    from django.core.files.base import File

    from apps.accounts.api import User

LONGEST_NOTE, LONGEST_NAME = 300, 60
MOST_PHOTOS = 4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody found at one item. ``vin`` names the car in a report of several; "" means each of them."""

    code: str
    result: str
    note: str = ""
    repair_note: str = ""
    vin: str = ""


@attempts.trailed("orders.open_inspections", subject="fulfilment_id", keeps=("organization_id",))
def open_inspections(*, fulfilment_id: int, organization_id: int, by: "User | None", now: datetime) -> list[Inspection]:
    """
    Return the inspections of a fulfilment's cars, and open those that are missing. Repeating changes nothing.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if the goods have not arrived, or are past it, or are no cars
    :raises NoVehicleAssigned: if no car is assigned
    """
    _order, fulfilment = _lock_arrived(fulfilment_id, organization_id=organization_id)
    found = _open(fulfilment, by=by, now=now)
    if not found:
        raise NoVehicleAssigned
    return found


@attempts.trailed("orders.answer_items", subject="inspection_id", keeps=("organization_id",))
def answer_items(
    *, inspection_id: int, organization_id: int, answers: Sequence[Answer], by: "User | None", now: datetime
) -> Inspection:
    """
    Keep what was found; items that are left out keep what they had.

    :raises InspectionNotFound: if it is not of a fulfilment the organization hands over
    :raises MoveNotAllowed: if it is signed already
    :raises InvalidInspection: if an item or result is unknown, or a fault does not say what it is
    """
    inspection, _fulfilment, _order = _lock(inspection_id, organization_id=organization_id, move="answer")
    _keep(inspection, answers, by=by, now=now)
    return inspection


@attempts.trailed(
    "orders.add_photo", subject="inspection_id", keeps=("organization_id", "code", "upload.name", "upload.size")
)
def add_photo(
    *, inspection_id: int, organization_id: int, code: str, upload: "File[Any]", by: "User | None", now: datetime
) -> InspectionPhoto:
    """
    Keep a photo of an item, where no address leads.

    :raises InspectionNotFound: if it is not of a fulfilment the organization hands over, or has no such item
    :raises MoveNotAllowed: if it is signed already
    :raises TooManyPhotos: if the item has MOST_PHOTOS
    :raises FileRefused: if it is no JPEG or PNG, or too large
    """
    inspection, _fulfilment, _order = _lock(inspection_id, organization_id=organization_id, move="answer")
    item = InspectionItem.objects.filter(inspection=inspection, code=code).first()
    if item is None:
        raise InspectionNotFound
    if item.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    return InspectionPhoto.objects.create(
        item=item, file=keep_picture(upload, field=code, refusal=InvalidInspection, by=by, now=now), at=now
    )


@attempts.trailed("orders.sign_inspection", subject="inspection_id", keeps=("organization_id",))
def sign_inspection(
    *,
    inspection_id: int,
    organization_id: int,
    name: str,
    signature: "File[Any] | None" = None,
    by: "User | None",
    now: datetime,
) -> Fulfilment:
    """
    Sign an inspection; with the last one of its fulfilment the inspection before delivery is passed.

    :raises InspectionNotFound: if it is not of a fulfilment the organization hands over
    :raises MoveNotAllowed: if it is signed already
    :raises InvalidInspection: without a name
    :raises InspectionIncomplete: while items are open, faulty and not repaired, or without their photo
    :raises FileRefused: if the signature is no picture
    """
    inspection, fulfilment, order = _lock(inspection_id, organization_id=organization_id, move="sign")
    signed_name = name.strip()[:LONGEST_NAME]
    if not signed_name:
        raise InvalidInspection(fields={"name": [_("Please write your name.")]})
    _require_complete(inspection, with_photos=True)
    drawn = (
        keep_picture(signature, field="drawn", refusal=InvalidInspection, by=by, now=now)
        if signature is not None
        else None
    )
    _sign(inspection, name=signed_name, signature=drawn, by=by, now=now)
    if not _open_causes(fulfilment):
        _pass(order, fulfilment, by=by, now=now)
    return fulfilment


@attempts.trailed("orders.pass_pdi", subject="fulfilment_id", keeps=("organization_id",))
def pass_pdi(
    *,
    fulfilment_id: int,
    organization_id: int,
    items: Sequence[Answer] = (),
    signed_name: str = "",
    by: "User | None",
    now: datetime,
) -> Fulfilment:
    """
    Note that the goods passed the inspection before delivery, as the dealer's own system reports.

    Without ``items`` the caller attests that every item of each car's checklist is in order: items nobody answered
    count as OK, and what was found here stays. With ``items``, those that are left out stay open. Photos stay with the
    dealer's system.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if the goods have not arrived, or are past it
    :raises InvalidInspection: if an item or result is unknown, or a fault does not say what it is
    :raises InspectionIncomplete: while items are open, or faulty and not repaired
    """
    order, fulfilment = _lock_arrived(fulfilment_id, organization_id=organization_id, with_parts=True)
    name = signed_name.strip()[:LONGEST_NAME] or (by.get_full_name()[:LONGEST_NAME] if by is not None else "")
    for inspection in _open(fulfilment, by=by, now=now):
        if inspection.status == InspectionStatus.PASSED:
            continue
        own = [answer for answer in items if answer.vin in ("", inspection.vin)]
        _keep(inspection, own or _attest(inspection, items), by=by, now=now)
        _require_complete(inspection, with_photos=False)
        inspection.is_attested = True
        inspection.save(update_fields=["is_attested"])
        _sign(inspection, name=name, signature=None, by=by, now=now)
    _pass(order, fulfilment, by=by, now=now)
    return fulfilment


def _attest(inspection: Inspection, items: Sequence[Answer]) -> list[Answer]:
    """Return OK for what nobody answered; nothing where a report was sent, but not about this car."""
    if items:
        return []
    unanswered = InspectionItem.objects.filter(inspection=inspection, result="").order_by("position", "pk")
    return [Answer(code=item.code, result=Result.OK) for item in unanswered]


def _lock_arrived(
    fulfilment_id: int, *, organization_id: int, with_parts: bool = False
) -> tuple[CustomerOrder, Fulfilment]:
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="pdi", may=is_receiver)
    if fulfilment.status != FulfilmentStatus.ARRIVED or not (fulfilment.has_vehicle or with_parts):
        raise MoveNotAllowed(lifecycle=PICKUP.name, move="pdi", status=fulfilment.status)
    return order, fulfilment


def _lock(inspection_id: int, *, organization_id: int, move: str) -> tuple[Inspection, Fulfilment, CustomerOrder]:
    """Lock the order of an inspection, and return the inspection as it is now while it may be changed."""
    fulfilment_id = (
        Inspection.objects.filter(pk=inspection_id, fulfilment__receiver=organization_id)
        .values_list("fulfilment_id", flat=True)
        .first()
        if 0 < inspection_id < 2**63
        else None
    )
    if fulfilment_id is None:
        raise InspectionNotFound
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move="pdi", may=is_receiver)
    inspection = Inspection.objects.get(pk=inspection_id)
    if inspection.status != InspectionStatus.OPEN or fulfilment.status != FulfilmentStatus.ARRIVED:
        raise MoveNotAllowed(lifecycle=INSPECTION.name, move=move, status=inspection.status)
    return inspection, fulfilment, order


def _live_vehicles(fulfilment: Fulfilment) -> list[AssignedVehicle]:
    vehicles_of = AssignedVehicle.objects.filter(line__fulfilment=fulfilment, released_at__isnull=True)
    return list(vehicles_of.select_related("line__item__product__trim__model__series").order_by("pk"))


def _open(fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> list[Inspection]:
    known = {inspection.vin: inspection for inspection in Inspection.objects.filter(fulfilment=fulfilment)}
    found = []
    for vehicle in _live_vehicles(fulfilment):
        if vehicle.vin not in known:
            known[vehicle.vin] = _write(fulfilment, vehicle, by=by, now=now)
        found.append(known[vehicle.vin])
    return found


def _write(fulfilment: Fulfilment, vehicle: AssignedVehicle, *, by: "User | None", now: datetime) -> Inspection:
    inspection = Inspection.objects.create(fulfilment=fulfilment, vin=vehicle.vin, opened_by=by, opened_at=now)
    InspectionItem.objects.bulk_create(
        InspectionItem(
            inspection=inspection,
            code=row.code,
            section=row.section,
            name_zh=row.name_zh,
            name_en=row.name_en,
            needs_photo=row.needs_photo,
            position=place,
        )
        for place, row in enumerate(list_checklist(vehicle.line.item.product))
    )
    return inspection


def _open_causes(fulfilment: Fulfilment) -> bool:
    """Tell whether a car of a fulfilment still waits for its signature."""
    passed = Inspection.objects.filter(fulfilment=fulfilment, status=InspectionStatus.PASSED)
    signed = set(passed.values_list("vin", flat=True))
    return any(vehicle.vin not in signed for vehicle in _live_vehicles(fulfilment))


def _keep(inspection: Inspection, answers: Sequence[Answer], *, by: "User | None", now: datetime) -> None:
    items = {item.code: item for item in InspectionItem.objects.filter(inspection=inspection)}
    wrong: dict[str, list[str]] = {}
    changed = []
    for answer in answers:
        item = items.get(answer.code)
        if item is None or answer.result not in ("", *Result.values):
            wrong[answer.code[:40]] = [_("There is no such item or result.")]
            continue
        note, repair = answer.note.strip()[:LONGEST_NOTE], answer.repair_note.strip()[:LONGEST_NOTE]
        is_fault = answer.result == Result.FAULT
        if is_fault and not note:
            wrong[answer.code] = [_("Please say what is wrong.")]
            continue
        if (item.result, item.note, item.repair_note) == (answer.result, note, repair if is_fault else ""):
            continue
        item.result, item.note, item.repair_note = answer.result, note, repair if is_fault else ""
        item.answered_by, item.answered_at = by, now
        changed.append(item)
    if wrong:
        raise InvalidInspection(fields=wrong)
    InspectionItem.objects.bulk_update(changed, ["result", "note", "repair_note", "answered_by", "answered_at"])


def _require_complete(inspection: Inspection, *, with_photos: bool) -> None:
    gaps = gaps_of(inspection, with_photos=with_photos)
    if gaps:
        reasons = {Gap.OPEN: _("not looked at"), Gap.FAULT: _("fault not repaired"), Gap.PHOTO: _("photo missing")}
        raise InspectionIncomplete(
            count=len(gaps),
            items={code: gap.value for code, gap in gaps.items()},
            fields={code: [reasons[gap]] for code, gap in gaps.items()},
        )


def _sign(inspection: Inspection, *, name: str, signature: Any, by: "User | None", now: datetime) -> None:
    inspection.signed_name, inspection.signature = name, signature
    inspection.signed_by, inspection.signed_at = by, now
    inspection.save(update_fields=["signed_name", "signature", "signed_by", "signed_at"])
    INSPECTION.move(inspection, "sign", by=by, at=now)


def _pass(order: CustomerOrder, fulfilment: Fulfilment, *, by: "User | None", now: datetime) -> None:
    move_fulfilment(fulfilment, "pdi", by=by, now=now)
    vehicles.inspect_vehicles(fulfilment, by=by, now=now)
    add_event(order, "pdi_passed", at=now, fulfilment=fulfilment.pk)
    follow_up(order, by=by, now=now)
