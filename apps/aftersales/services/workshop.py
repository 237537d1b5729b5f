"""In the workshop: check in, look, propose, do, hand back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.aftersales import conf
from apps.aftersales.errors import (
    AnswerPending,
    FindingNotFound,
    InvalidReport,
    NotCovered,
    NothingChosen,
    VehicleHasOwner,
    VehicleNotFound,
)
from apps.aftersales.models import Finding, FindingPhoto, Ownership, RecallCar, ServiceVisit, Vehicle, VisitLine
from apps.aftersales.models.vehicles import MOST_KM
from apps.aftersales.policies.texts import clean
from apps.aftersales.selectors.vehicles import check_warranty
from apps.aftersales.selectors.visits import access_own_visit, access_visit
from apps.aftersales.services.booking import lock_visit, price_of, tell_changed
from apps.aftersales.services.entitlements import redeem
from apps.aftersales.services.parts import give_back_parts, lines_of, promise_parts, use_parts
from apps.aftersales.services.paying import complete
from apps.aftersales.states import FINDING, REPAIRED_UNDER, VISIT, FindingStatus, LineKind, Payer, Urgency, VisitStatus
from apps.catalog.api import ProductInfo
from apps.events.api import ExtraWorkAnswered, ExtraWorkProposed
from apps.kernel.api import MoveNotAllowed, attempts, outbox, private_files
from apps.kernel.errors import FileRefused
from apps.scheduling import api as scheduling

MOST_LABOUR = Decimal(100_000)
MOST_PIECES = 99


@dataclass(frozen=True, kw_only=True)
class PartWish:
    """So many pieces of a product, for extra work."""

    product_id: int
    quantity: int = 1


@transaction.atomic
def check_in(
    *, visit_id: int, organization_id: int, kilometres: int, condition: str = "", by: User, now: datetime
) -> ServiceVisit:
    """
    Take the car in: read its kilometres, note how it looks; whoever does is its adviser.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if it is not BOOKED
    :raises InvalidReport: if the car had more kilometres before, or impossibly many now
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=visit.vehicle_id)
    if not vehicle.kilometres <= kilometres <= MOST_KM:
        raise InvalidReport(fields={"kilometres": [_("The car had %(km)s km already.") % {"km": vehicle.kilometres}]})
    visit.kilometres, visit.checked_in_at, visit.condition = kilometres, now, clean(condition)
    visit.save(update_fields=["kilometres", "checked_in_at", "condition"])
    vehicle.kilometres, vehicle.read_at = kilometres, now
    vehicle.save(update_fields=["kilometres", "read_at"])
    VISIT.move(visit, "check_in", by=by, at=now)
    scheduling.assign_host(booking_id=visit.booking_id, host=by, now=now)
    tell_changed(visit, is_by_store=True, now=now)
    return access_visit(visit_id=visit_id, organization_id=organization_id)


@attempts.trailed("aftersales.verify_owner", subject="visit_id", keeps=("organization_id",))
def verify_owner(*, visit_id: int, organization_id: int, by: User, now: datetime) -> ServiceVisit:
    """
    Note that the papers name the customer as the owner of the car that is in the workshop.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the car is not in the workshop
    :raises VehicleNotFound: if the customer took the car from among their own
    :raises VehicleHasOwner: if somebody else is known as the owner, who must pass the car on first
    """
    visit = access_visit(visit_id=visit_id, organization_id=organization_id)
    _require_at_work(visit, "verify_owner")
    own = Ownership.objects.select_for_update().filter(vehicle=visit.vehicle_id, member=visit.member_id, until=None)
    try:
        with transaction.atomic():
            is_known = own.update(is_verified=True) == 1
    except IntegrityError as error:
        raise VehicleHasOwner from error
    if not is_known:
        raise VehicleNotFound
    return visit


@transaction.atomic
def add_finding(*, visit_id: int, organization_id: int, text: str, urgency: str, by: User, now: datetime) -> Finding:
    """
    Note something that was seen on the car.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the car is not in the workshop
    :raises InvalidReport: if there are no words, or the urgency is unknown
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    _require_at_work(visit, "add_finding")
    words = clean(text)
    if not words:
        raise InvalidReport(fields={"text": [_("Please say what was found.")]})
    if urgency not in Urgency.values:
        raise InvalidReport(fields={"urgency": [_("Please say how urgent it is.")]})
    return Finding.objects.create(visit=visit, text=words, urgency=urgency, by=by, at=now)


@transaction.atomic
def add_finding_photo(
    *, visit_id: int, organization_id: int, finding_id: int, upload: "File[Any]", by: User, now: datetime
) -> FindingPhoto:
    """
    Keep a picture of a finding.

    :raises VisitNotFound, FindingNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the car is not in the workshop
    :raises FileRefused, FileTooLarge, FileNotPlain: if it is no file we keep
    :raises InvalidReport: if there are enough pictures, or it is no picture
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    _require_at_work(visit, "add_photo")
    finding = _find(visit, finding_id)
    if finding.photos.count() >= conf.MOST_PHOTOS:
        raise InvalidReport(fields={"photo": [_("There are enough pictures.")]})
    try:
        file = private_files.store(upload=upload, by=by, now=now)
    except FileRefused as refusal:
        refusal.fields = {"photo": [str(refusal)]}
        raise
    if not file.content_type.startswith("image/"):
        raise InvalidReport(fields={"photo": [_("Please choose a picture (JPEG or PNG).")]})
    return FindingPhoto.objects.create(finding=finding, file=file, by=by, at=now)


@transaction.atomic
def propose_work(
    *,
    visit_id: int,
    organization_id: int,
    finding_id: int,
    labour: Decimal,
    parts: Sequence[PartWish] = (),
    warranty: int | None = None,
    by: User,
    now: datetime,
) -> Finding:
    """
    Ask the customer whether a finding shall be put right at a price: labour, tax included, and parts at shop prices.

    ``warranty`` is the ``Component`` whose warranty pays instead of the customer, who is asked all the same.

    :raises VisitNotFound, FindingNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the car is not in the workshop, or it was proposed before
    :raises InvalidReport: if labour or pieces cannot be right
    :raises ProductNotFound, NotForSale: if a part is not sold
    :raises NothingChosen: if it would cost nothing and need nothing
    :raises NotCovered: if that warranty does not cover the car today, at the kilometres that were read
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    _require_at_work(visit, "propose")
    finding = _find(visit, finding_id)
    if not 0 <= labour <= MOST_LABOUR or labour != labour.quantize(Decimal("0.01")):
        raise InvalidReport(fields={"labour": [_("Please give an amount in yuan.")]})
    if any(not 1 <= part.quantity <= MOST_PIECES for part in parts):
        raise InvalidReport(fields={"quantity": [_("Please give the number of pieces.")]})
    if not labour and not parts:
        raise NothingChosen
    payer = _find_payer(visit, warranty, now=now)
    FINDING.move(finding, "propose", by=by, at=now)
    if labour:
        VisitLine.objects.create(
            **payer,
            visit=visit,
            finding=finding,
            kind=LineKind.LABOUR,
            title_zh=finding.text[:255],
            title_en=finding.text[:255],
            unit_price=labour,
        )
    for part in parts:
        price = price_of(part.product_id, now=now)
        info = ProductInfo.objects.select_related("product").get(pk=part.product_id)
        VisitLine.objects.create(
            **payer,
            visit=visit,
            finding=finding,
            kind=LineKind.PART,
            product_id=part.product_id,
            title_zh=info.product.title,
            title_en=info.title_en,
            quantity=part.quantity,
            unit_price=price,
        )
    outbox.record(ExtraWorkProposed(visit_id=visit.pk, finding_id=finding.pk), at=now)
    return finding


@attempts.trailed("aftersales.answer_finding", subject="reference", keeps=("finding_id", "approves"))
def answer_finding(*, reference: str, finding_id: int, approves: bool, by: User, now: datetime) -> ServiceVisit:
    """
    Approve or decline extra work, once; its parts are promised with the approval.

    :raises VisitNotFound, FindingNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it was answered, withdrawn, or the work is over
    """
    visit = lock_visit(access_own_visit(reference=reference, member=by))
    _require_at_work(visit, "answer")
    finding = _find(visit, finding_id)
    finding.answered_at = now
    finding.save(update_fields=["answered_at"])
    FINDING.move(finding, "approve" if approves else "decline", by=by, at=now)
    if approves:
        promise_parts(visit, lines_of(visit, finding), by=by, now=now)
    fact = ExtraWorkAnswered(visit_id=visit.pk, finding_id=finding.pk, is_approved=approves)
    outbox.record(fact, at=now)
    return access_own_visit(reference=reference, member=by)


@attempts.trailed("aftersales.finish_work", subject="visit_id", keeps=("organization_id",))
def finish_work(*, visit_id: int, organization_id: int, by: User, now: datetime) -> ServiceVisit:
    """
    All work is done: packages are redeemed, parts leave the shelf, recalls are closed, and what is owed is fixed.

    Where nothing is owed the visit is completed at once.

    :raises VisitNotFound: if it is another dealer's
    :raises MoveNotAllowed: if the car is not in the workshop
    :raises AnswerPending: if a proposal was not answered
    :raises ReservationLapsed: if a promised part was given back
    """
    visit = lock_visit(access_visit(visit_id=visit_id, organization_id=organization_id))
    _require_at_work(visit, "finish")
    if visit.findings.filter(status=FindingStatus.PROPOSED).exists():
        raise AnswerPending
    lines = lines_of(visit)
    agreed = [line for line in lines if line.counts]
    for line in agreed:
        if line.payer == Payer.PACKAGE and line.kind == LineKind.LABOUR:
            cause = f"aftersales.line:{line.pk}"
            redeem(
                line_id=line.entitlement_line_id,
                vehicle=visit.vehicle,
                store=visit.store,
                cause=cause,
                is_held=True,
                by=by,
                now=now,
            )
    give_back_parts([line for line in lines if not line.counts], by=by, now=now)
    use_parts(agreed, by=by, now=now)
    repaired = [line.recall_car_id for line in agreed if line.recall_car_id]
    RecallCar.objects.filter(pk__in=repaired, done_at=None).update(done_at=now)
    visit.due = sum((line.owed for line in agreed), Decimal(0))
    visit.done_at = now
    visit.save(update_fields=["due", "done_at"])
    VISIT.move(visit, "finish", by=by, at=now)
    scheduling.finish(booking_id=visit.booking_id, by=by, now=now)
    if not visit.due:
        complete(visit, by=by, now=now)
    tell_changed(visit, is_by_store=True, now=now)
    return access_visit(visit_id=visit_id, organization_id=organization_id)


def _find_payer(visit: ServiceVisit, warranty: int | None, *, now: datetime) -> dict[str, Any]:
    """Return who pays for extra work, as its lines keep it."""
    if warranty is None:
        return {"payer": Payer.CUSTOMER}
    today = now.astimezone(ZoneInfo(visit.store.time_zone)).date()
    covers = [one.cover for one in check_warranty(visit.vehicle, today=today, kilometres=visit.kilometres)]
    if not any(cover.component == warranty and cover.is_running for cover in covers if warranty in REPAIRED_UNDER):
        raise NotCovered(fields={"warranty": [str(NotCovered.message)]})
    return {"payer": Payer.WARRANTY, "component": warranty}


def _require_at_work(visit: ServiceVisit, move: str) -> None:
    if visit.status != VisitStatus.CHECKED_IN:
        raise MoveNotAllowed(lifecycle=VISIT.name, move=move, status=visit.status)


def _find(visit: ServiceVisit, finding_id: int) -> Finding:
    found = Finding.objects.filter(visit=visit, pk=finding_id).first() if 0 < finding_id < 2**63 else None
    if found is None:
        raise FindingNotFound
    return found
