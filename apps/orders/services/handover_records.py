"""
The day a car is handed over, step by step: who receives it, papers, welcome pack, photos, signature, code.

Steps follow each other; a step that is done can be done again until the signature, which freezes the record. The car
goes to its buyer by ``hand_over`` alone, whose rules stand: the code, the inspection, everything paid.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from apps.kernel.api import MoveNotAllowed, attempts
from apps.orders.errors import HandoverIncomplete, InvalidHandover, StepMissing, TermsMissing, TooManyPhotos
from apps.orders.models import (
    CustomerOrder,
    Fulfilment,
    HandedItem,
    HandoverPhoto,
    HandoverRecord,
)
from apps.orders.policies.handovers import MOST_KM, MOST_PHOTOS, Step, comes_before, write_text
from apps.orders.selectors.appointments import cars_of, local_time
from apps.orders.selectors.handover_records import find_text, list_items_for, step_of
from apps.orders.services.fulfilments import is_receiver, lock_fulfilment, require_paid
from apps.orders.services.handover import hand_over
from apps.orders.services.pictures import keep_picture
from apps.orders.states import (
    HANDOVER_RECORD,
    PICKUP,
    STEP_NAMES,
    FulfilmentStatus,
    HandedKind,
    IdentityPaper,
    Receiver,
    RecordStatus,
)

if TYPE_CHECKING:
    from django.core.files.base import File

    from apps.accounts.api import User

LONGEST_NAME = 60


@attempts.trailed("orders.begin_handover", subject="fulfilment_id", keeps=("organization_id",))
def begin_handover(*, fulfilment_id: int, organization_id: int, by: "User", now: datetime) -> HandoverRecord:
    """
    Open the record of a handover, with the papers and the welcome pack of its cars. Repeating changes nothing.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises MoveNotAllowed: if no car of it is ready: not there, not inspected, or the buyer has no code
    """
    _order, fulfilment = lock_fulfilment(
        fulfilment_id, organization_id=organization_id, move="begin_handover", may=is_receiver
    )
    known = HandoverRecord.objects.filter(fulfilment=fulfilment).first()
    if known is not None:
        return known
    if not fulfilment.has_vehicle or fulfilment.status != FulfilmentStatus.READY:
        raise MoveNotAllowed(lifecycle=PICKUP.name, move="begin_handover", status=fulfilment.status)
    record = HandoverRecord.objects.create(
        fulfilment=fulfilment, organization_id=organization_id, opened_by=by, opened_at=now
    )
    HandedItem.objects.bulk_create(
        HandedItem(
            record=record,
            code=row.code,
            kind=row.kind,
            name_zh=row.name_zh,
            name_en=row.name_en,
            is_required=row.is_required,
            position=place,
        )
        for place, row in enumerate(list_items_for(fulfilment))
    )
    return record


@attempts.trailed("orders.check_identity", subject="fulfilment_id", keeps=("organization_id", "receiver"))
def check_identity(
    *,
    fulfilment_id: int,
    organization_id: int,
    receiver: str,
    name: str,
    paper: str,
    by: "User",
    now: datetime,
) -> HandoverRecord:
    """
    Note who receives the car and by which paper the store saw it; the paper's number is kept nowhere.

    :raises FulfilmentNotFound, StepMissing: if the handover was not begun
    :raises MoveNotAllowed: if it is signed
    :raises InvalidHandover: without a name, or if receiver or paper are unknown
    """
    record, _fulfilment, _order = _lock(fulfilment_id, organization_id, Step.IDENTITY)
    wrong = {}
    if receiver not in Receiver.values:
        wrong["receiver"] = [_("Please say who receives the car.")]
    if paper not in IdentityPaper.values:
        wrong["paper"] = [_("Please say which paper you saw.")]
    if not name.strip():
        wrong["name"] = [_("Please write the name on the paper.")]
    if wrong:
        raise InvalidHandover(fields=wrong)
    record.receiver, record.identity_paper = receiver, paper
    record.receiver_name = name.strip()[:LONGEST_NAME]
    record.identity_checked_at, record.identity_checked_by = now, by
    record.save(
        update_fields=["receiver", "identity_paper", "receiver_name", "identity_checked_at", "identity_checked_by"]
    )
    return record


@attempts.trailed("orders.give_items", subject="fulfilment_id", keeps=("organization_id", "kind"))
def give_items(
    *, fulfilment_id: int, organization_id: int, kind: HandedKind, codes: Collection[str], by: "User", now: datetime
) -> HandoverRecord:
    """
    Note which papers, or which pieces of the welcome pack, were given; what is required must be among them.

    :raises FulfilmentNotFound, StepMissing: if the handover was not begun, or an earlier step is missing
    :raises MoveNotAllowed: if it is signed
    :raises HandoverIncomplete: if something required is left out
    """
    is_paper = kind == HandedKind.PAPER
    record, _fulfilment, _order = _lock(fulfilment_id, organization_id, Step.PAPERS if is_paper else Step.PACK)
    items = list(HandedItem.objects.filter(record=record, kind=kind).order_by("position"))
    left = [item for item in items if item.is_required and item.code not in codes]
    if left:
        still_here = _("This belongs to the car and must be handed over.")
        raise HandoverIncomplete(
            count=len(left),
            items=[item.code for item in left],
            fields={item.code: [still_here] for item in left},
        )
    for item in items:
        item.is_given = item.code in codes
    HandedItem.objects.bulk_update(items, ["is_given"])
    field = "papers_given_at" if is_paper else "pack_given_at"
    setattr(record, field, now)
    record.save(update_fields=[field])
    return record


@attempts.trailed("orders.add_handover_photo", subject="fulfilment_id", keeps=("organization_id", "upload.name"))
def add_handover_photo(
    *, fulfilment_id: int, organization_id: int, upload: "File[Any]", by: "User", now: datetime
) -> HandoverPhoto:
    """
    Keep a photo of the car as it is handed over.

    :raises FulfilmentNotFound, StepMissing: if the handover was not begun, or an earlier step is missing
    :raises MoveNotAllowed: if it is signed
    :raises TooManyPhotos: if there are MOST_PHOTOS
    :raises FileRefused, InvalidHandover: if it is no JPEG or PNG, or too large
    """
    record, _fulfilment, _order = _lock(fulfilment_id, organization_id, Step.PHOTOS)
    if record.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    file = keep_picture(upload, field="photo", refusal=InvalidHandover, by=by, now=now)
    return HandoverPhoto.objects.create(record=record, file=file, by=by, at=now)


@attempts.trailed("orders.sign_handover", subject="fulfilment_id", keeps=("organization_id",))
def sign_handover(
    *,
    fulfilment_id: int,
    organization_id: int,
    name: str,
    agrees: bool,
    kilometres: int | None = None,
    signature: "File[Any] | None" = None,
    by: "User",
    now: datetime,
) -> HandoverRecord:
    """
    Freeze what the receiver confirms, word for word, with its SHA-256; the PDF is printed after the commit.

    ``name`` is written by the receiver, ``signature`` drawn where there is a screen to draw on. Nobody signs for a car
    that is not paid.

    :raises FulfilmentNotFound, StepMissing: if an earlier step is missing
    :raises MoveNotAllowed: if it is signed
    :raises InvalidHandover: without name or consent, or if the kilometres cannot be right
    :raises BalanceDue: if not everything is paid
    :raises TermsMissing: if no text is in force on that day
    """
    record, fulfilment, order = _lock(fulfilment_id, organization_id, Step.SIGNATURE)
    require_paid(order)
    _check_signing(name=name, agrees=agrees, kilometres=kilometres)
    record.kilometres = kilometres
    record.signed_name, record.signed_at = name.strip()[:LONGEST_NAME], now
    record.signature = (
        keep_picture(signature, field="drawn", refusal=InvalidHandover, by=by, now=now) if signature else None
    )
    record.language = order.language
    record.version, record.text = _write(record, fulfilment, order, now=now)
    record.text_digest = hashlib.sha256(record.text.encode()).hexdigest()
    record.save()
    HANDOVER_RECORD.move(record, "sign", by=by, at=now)
    return record


def complete_handover(
    *, fulfilment_id: int, organization_id: int, code: str, by: "User", now: datetime
) -> HandoverRecord:
    """
    Give the car to whoever signed and shows the code. Repeating it with the right code changes nothing.

    :raises FulfilmentNotFound, StepMissing: if it is not signed yet
    :raises MoveNotAllowed, BalanceDue, WrongCode, CodeExhausted: as ``hand_over`` refuses
    """
    _require_signed(fulfilment_id=fulfilment_id, organization_id=organization_id, by=by, now=now)
    hand_over(fulfilment_id=fulfilment_id, organization_id=organization_id, code=code, by=by, now=now)
    return HandoverRecord.objects.get(fulfilment=fulfilment_id)


@attempts.trailed("orders.complete_handover", subject="fulfilment_id", keeps=("organization_id",))
def _require_signed(*, fulfilment_id: int, organization_id: int, by: "User", now: datetime) -> None:
    _lock(fulfilment_id, organization_id, Step.CODE, may_be_signed=True)


def _lock(
    fulfilment_id: int, organization_id: int, step: Step, *, may_be_signed: bool = False
) -> tuple[HandoverRecord, Fulfilment, CustomerOrder]:
    """
    Lock the order of a handover, and return its record as it is now where ``step`` may be done.

    :raises FulfilmentNotFound: if it is not handed over by the organization
    :raises StepMissing: if the handover was not begun, or an earlier step is missing
    :raises MoveNotAllowed: if it is signed, and nothing may change any more
    """
    order, fulfilment = lock_fulfilment(fulfilment_id, organization_id=organization_id, move=step, may=is_receiver)
    record = HandoverRecord.objects.select_for_update(of=("self",), no_key=True).filter(fulfilment=fulfilment).first()
    if record is None:
        raise StepMissing(step="begin", name=_("begin the handover"))
    reached = step_of(record)
    if record.status != RecordStatus.OPEN and not may_be_signed:
        raise MoveNotAllowed(lifecycle=HANDOVER_RECORD.name, move=step, status=record.status)
    if fulfilment.status != FulfilmentStatus.READY and not may_be_signed:
        # Handed over by code alone, by the dealer's own system: there is nothing left to write down.
        raise MoveNotAllowed(lifecycle=PICKUP.name, move=step, status=fulfilment.status)
    if reached is not None and comes_before(reached, step):
        raise StepMissing(step=reached.value, name=str(STEP_NAMES[reached]))
    return record, fulfilment, order


def _check_signing(*, name: str, agrees: bool, kilometres: int | None) -> None:
    wrong = {}
    if not name.strip():
        wrong["name"] = [_("Please write your name.")]
    if not agrees:
        wrong["agree"] = [_("Please read what you confirm, and agree to it.")]
    if kilometres is not None and not 0 <= kilometres <= MOST_KM:
        wrong["kilometres"] = [_("Please give the kilometres on the clock.")]
    if wrong:
        raise InvalidHandover(fields=wrong)


def _write(record: HandoverRecord, fulfilment: Fulfilment, order: CustomerOrder, *, now: datetime) -> tuple[str, str]:
    """Return the version of the statement and what is signed, in the order's language."""
    store, local = fulfilment.store, local_time(fulfilment, now)
    statement = find_text(local.date())
    if statement is None:
        raise TermsMissing(terms="handover")
    with translation.override(order.language):
        items = list(record.items.filter(is_given=True).order_by("position"))
        facts = [
            (_("Order"), order.number),
            (_("Cars"), ", ".join(f"{car.line.item.title} {car.vin}" for car in cars_of(fulfilment))),
            (_("Store"), store.name if store else ""),
            (_("Received by"), f"{record.receiver_name} ({record.get_receiver_display()})"),
            (_("Identity paper"), str(record.get_identity_paper_display())),
            (_("Kilometres"), "" if record.kilometres is None else str(record.kilometres)),
            (_("Signed at"), f"{local:%Y-%m-%d %H:%M} ({store.time_zone if store else 'UTC'})"),
        ]
        given = [
            (str(HandedKind(kind).label), [item.name for item in items if item.kind == kind])
            for kind in HandedKind.values
        ]
        return statement.version, write_text(statement.body_in(order.language), facts=facts, given=given)
