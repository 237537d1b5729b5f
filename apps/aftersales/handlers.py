"""What service does when orders, scheduling and it itself tell."""

from datetime import datetime

from apps.aftersales.api import (
    PURPOSE,
    ServiceVisit,
    VisitStatus,
    ask_customer,
    is_bill_number,
    take_bill_payment,
    take_from_fulfilment,
    tell_customer,
    tell_new_time,
    tell_owners,
)
from apps.events.api import (
    BookingDue,
    ExtraWorkProposed,
    FulfilmentMoved,
    PaymentCaptured,
    RecallPublished,
    ServiceBooked,
    ServiceChanged,
    ServiceMoved,
)
from apps.kernel.api import Money, outbox

DONE_MOVES = ("hand_over", "grant", "confirm_delivery")


@outbox.subscribe(FulfilmentMoved, name="aftersales.take_from_fulfilment")
def take(fact: FulfilmentMoved, *, event) -> None:
    """Register cars that were handed over and grant packages that were paid."""
    if fact.move in DONE_MOVES:
        take_from_fulfilment(fulfilment_id=fact.fulfilment_id, now=event.occurred_at)


@outbox.subscribe(PaymentCaptured, name="aftersales.take_bill_payment")
def take_payment(fact: PaymentCaptured, *, event) -> None:
    """Complete the visit whose bill was paid; orders take the other payments."""
    if is_bill_number(fact.order_number):
        take_bill_payment(
            bill_number=fact.order_number,
            payment_number=fact.payment_number,
            amount=Money.from_minor(fact.amount_minor, fact.currency),
            now=event.occurred_at,
        )


@outbox.subscribe(ServiceBooked, name="aftersales.tell_booked")
def tell_booked(fact: ServiceBooked, *, event) -> None:
    """Tell the customer that the bay is booked."""
    tell_customer(visit_id=fact.visit_id, template="service_booked", cause="", now=event.occurred_at)


@outbox.subscribe(ServiceMoved, name="aftersales.tell_moved")
def tell_moved(fact: ServiceMoved, *, event) -> None:
    """Tell the customer the new time."""
    tell_new_time(
        visit_id=fact.visit_id,
        before=datetime.fromisoformat(fact.from_starts_at) if fact.from_starts_at else None,
        after=datetime.fromisoformat(fact.starts_at),
        is_by_store=fact.is_by_store,
        cause=str(event.pk),
        now=event.occurred_at,
    )


@outbox.subscribe(ServiceChanged, name="aftersales.tell_changed")
def tell_changed(fact: ServiceChanged, *, event) -> None:
    """Tell the customer that the car is ready, or that the visit is off."""
    template = {
        VisitStatus.DONE: "service_ready",
        VisitStatus.PAID: "service_ready",
        VisitStatus.CANCELLED: "service_cancelled",
    }.get(VisitStatus(fact.status))
    if template:
        # Ready is told once, whether something is owed or not.
        tell_customer(visit_id=fact.visit_id, template=template, cause="", now=event.occurred_at)


@outbox.subscribe(ExtraWorkProposed, name="aftersales.ask_customer")
def ask(fact: ExtraWorkProposed, *, event) -> None:
    """Ask the customer whether extra work shall be done."""
    ask_customer(finding_id=fact.finding_id, now=event.occurred_at)


@outbox.subscribe(RecallPublished, name="aftersales.tell_owners")
def tell_called_back(fact: RecallPublished, *, event) -> None:
    """Tell the owners of the cars that are called back."""
    tell_owners(recall_id=fact.recall_id, now=event.occurred_at)


@outbox.subscribe(BookingDue, name="aftersales.remind")
def remind(fact: BookingDue, *, event) -> None:
    """Remind the customer of a visit that is still ahead."""
    if fact.purpose != PURPOSE:
        return
    visit = ServiceVisit.objects.filter(booking=fact.booking_id, status=VisitStatus.BOOKED).first()
    if visit is not None:
        cause = f"{fact.starts_at}:{fact.minutes}"
        tell_customer(visit_id=visit.pk, template="service_reminder", cause=cause, now=event.occurred_at)
