"""Times to fetch a car: booked by the buyer or the store, moved, cancelled, missed; what may not be booked."""

from collections import Counter
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ObjectDoesNotExist

from apps.kernel.api import DomainError, MoveNotAllowed, RefusedAttempt
from apps.notifications.models import Message
from apps.orders import api
from apps.orders.errors import (
    AlreadyAppointed,
    AppointmentNotFound,
    CarNotThere,
    FulfilmentNotFound,
    NoHandoverArea,
    NotByAppointment,
    OrderNotFound,
)
from apps.orders.models import HandoverAppointment, OrderEvent
from apps.scheduling import api as scheduling
from tests.factories.accounts import make_user
from tests.factories.handovers import arrive, make_area, next_handover
from tests.factories.orders import make_dealer_organization
from tests.races import drop_constraint, verdicts


@pytest.fixture
def area(shop):
    return make_area(shop.store)


@pytest.fixture
def buyer(db):
    return make_user()


@pytest.fixture
def fulfilment(shop, buyer, area):
    """A buyer's car that stands at a store with a handover area."""
    return arrive(shop, user=buyer)


@pytest.fixture
def own(fulfilment, buyer, now):
    """What the buyer calls with."""
    return {"number": fulfilment.order.number, "fulfilment_id": fulfilment.pk, "by": buyer, "now": now}


@pytest.fixture
def keys(shop, fulfilment, now):
    """What the dealer's people call with."""
    return {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": make_user(), "now": now}


def nothing_booked() -> bool:
    return not HandoverAppointment.objects.exists() and not scheduling.Booking.objects.exists()


def test_a_car_that_arrives_is_offered_a_time(shop, fulfilment):
    shop.drain()

    assert "handover_offered" in shop.messages()
    told = Message.objects.filter(template="handover_offered").first()
    assert f"/orders/{fulfilment.order.number}/handovers/{fulfilment.pk}/?token=" in told.context["link"]


def test_nothing_is_offered_where_the_store_arranges_it_by_phone(shop, buyer):
    arrive(shop, user=buyer)
    shop.drain()

    assert "handover_offered" not in shop.messages()


def test_parts_are_fetched_without_an_appointment(shop, area, buyer, now):
    order = shop.placed(shop.part(), method="pickup", user=buyer)
    fulfilment = order.fulfilments.get()
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": buyer, "now": now}

    with pytest.raises(NotByAppointment):
        api.book_handover(**keys, starts_at=next_handover(shop.store, now=now))
    with pytest.raises(FulfilmentNotFound):
        api.access_own_handover(number=order.number, fulfilment_id=fulfilment.pk, by=buyer)

    assert nothing_booked()


def test_the_buyer_books_a_time(shop, own, fulfilment, area, now):
    starts_at = next_handover(shop.store, now=now)

    appointment = api.book_own_handover(**own, starts_at=starts_at)

    booking = appointment.booking
    assert (booking.starts_at, booking.status, booking.resource_id) == (starts_at, "BOOKED", area.pk)
    assert (booking.purpose, booking.subject, booking.customer) == ("handover", f"handover:{fulfilment.pk}", own["by"])
    assert appointment.organization_id == shop.dealer.pk
    assert "handover_booked" in shop.messages()
    assert OrderEvent.objects.filter(order=fulfilment.order_id, code="handover_booked").exists()


def test_a_guest_books_by_the_link_of_the_message(shop, area, now):
    fulfilment = arrive(shop)
    token = api.sign_order_link(fulfilment.order.number)

    api.book_own_handover(
        number=fulfilment.order.number,
        fulfilment_id=fulfilment.pk,
        starts_at=next_handover(shop.store, now=now),
        by=None,
        token=token,
        now=now,
    )

    assert HandoverAppointment.objects.get().booking.customer is None


@pytest.mark.parametrize("change", ["user", "token", "fulfilment"])
def test_somebody_elses_order_is_not_found(change, shop, own, now):
    starts_at = next_handover(shop.store, now=now)
    foreign = {
        "user": {"by": make_user()},
        "token": {"by": None, "token": "forged"},
        "fulfilment": {"fulfilment_id": own["fulfilment_id"] + 1000},
    }[change]

    with pytest.raises((OrderNotFound, FulfilmentNotFound)):
        api.book_own_handover(**{**own, **foreign}, starts_at=starts_at)

    assert nothing_booked()


def test_another_dealer_finds_nothing(shop, keys, now):
    starts_at = next_handover(shop.store, now=now)
    foreign = {**keys, "organization_id": make_dealer_organization().pk}

    with pytest.raises(FulfilmentNotFound):
        api.book_handover(**foreign, starts_at=starts_at)

    assert nothing_booked()


def test_before_the_car_is_there_nothing_can_be_booked(shop, area, buyer, now):
    order = shop.placed(shop.car(), method="pickup", user=buyer)
    fulfilment = order.fulfilments.get()

    with pytest.raises(CarNotThere):
        api.book_own_handover(
            number=order.number,
            fulfilment_id=fulfilment.pk,
            starts_at=next_handover(shop.store, now=now),
            by=buyer,
            now=now,
        )

    assert nothing_booked()
    assert RefusedAttempt.objects.get(action="orders.book_own_handover").code == "car_not_there"


@pytest.mark.parametrize(
    ("shift", "code"),
    [
        (timedelta(days=-3), "slot_in_past"),
        (timedelta(days=-1, hours=-20), "notice_too_short"),
        (timedelta(hours=12), "outside_hours"),
        (timedelta(minutes=7), "slot_not_offered"),
        (timedelta(days=365), "too_far_ahead"),
    ],
)
def test_a_wrong_time_is_named_and_holds_nothing(shift, code, shop, own, now):
    starts_at = next_handover(shop.store, now=now) + shift

    with pytest.raises(DomainError) as refusal:
        api.book_own_handover(**own, starts_at=starts_at)

    assert refusal.value.code == code
    assert nothing_booked()


def test_a_store_without_an_area_calls_the_buyer(shop, buyer, now):
    fulfilment = arrive(shop, user=buyer)

    with pytest.raises(NoHandoverArea):
        api.book_own_handover(
            number=fulfilment.order.number,
            fulfilment_id=fulfilment.pk,
            starts_at=now + timedelta(days=2),
            by=buyer,
            now=now,
        )

    assert nothing_booked()


def test_a_second_time_is_refused(shop, own, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_own_handover(**own, starts_at=starts_at)

    with pytest.raises(AlreadyAppointed):
        api.book_own_handover(**own, starts_at=starts_at + timedelta(hours=1))

    assert scheduling.Booking.objects.count() == 1


def test_the_store_books_by_phone_at_short_notice_and_expects_the_buyer(shop, keys, now):
    starts_at = next_handover(shop.store, now=now) + timedelta(minutes=10)

    appointment = api.book_handover(**keys, starts_at=starts_at)

    assert appointment.is_by_store
    assert scheduling.Booking.objects.get().host == keys["by"]
    assert "handover_booked" in shop.messages()


def test_the_buyer_moves_and_cancels(shop, own, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_own_handover(**own, starts_at=starts_at)

    moved = api.move_own_handover(**own, starts_at=starts_at + timedelta(hours=1))
    assert moved.booking.starts_at == starts_at + timedelta(hours=1)

    api.cancel_own_handover(**own, reason="出差")
    assert scheduling.Booking.objects.get().status == "CANCELLED"
    assert {"handover_booked", "handover_moved", "handover_cancelled"} <= set(shop.messages())

    # The car is still there: another time can be chosen.
    api.book_own_handover(**own, starts_at=starts_at)
    assert HandoverAppointment.objects.filter(ended_at=None).count() == 1


def test_what_the_store_undoes_within_a_minute_is_told_to_nobody(shop, own, keys, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_own_handover(**own, starts_at=starts_at)
    told = Message.objects.filter(template="handover_moved", status="QUEUED", channel="sms")
    local = starts_at.astimezone(ZoneInfo(shop.store.time_zone))

    for hours, count in ((1, 1), (2, 1), (0, 0), (3, 1)):
        api.move_handover(**keys, starts_at=starts_at + timedelta(hours=hours))
        assert told.count() == count
    assert told.get().context["time"] == f"{local + timedelta(hours=3):%Y-%m-%d %H:%M}"
    assert told.get().next_attempt_at == now + timedelta(minutes=1)

    api.cancel_handover(**keys, reason="停电")
    assert not told.exists()


@pytest.mark.parametrize("service", [api.move_own_handover, api.cancel_own_handover])
def test_close_to_the_time_the_buyer_calls_the_store(service, shop, own, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_own_handover(**own, starts_at=starts_at)
    late = {**own, "now": starts_at - timedelta(minutes=239)}
    changes = {"starts_at": starts_at + timedelta(days=1)} if service is api.move_own_handover else {}

    with pytest.raises(DomainError) as refusal:
        service(**late, **changes)

    assert (refusal.value.code, refusal.value.context["minutes"]) == ("too_late_to_change", 240)
    assert scheduling.Booking.objects.get().starts_at == starts_at
    assert HandoverAppointment.objects.get().is_ahead


def test_the_store_moves_and_cancels_to_the_last_minute(shop, keys, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_handover(**keys, starts_at=starts_at)
    late = {**keys, "now": starts_at - timedelta(minutes=1)}

    api.move_handover(**late, starts_at=starts_at + timedelta(hours=2))
    api.cancel_handover(**late, reason="客户临时有事")

    assert HandoverAppointment.objects.get().ended_at == late["now"]


@pytest.mark.parametrize("service", [api.move_handover, api.cancel_handover, api.miss_handover])
def test_what_is_not_booked_cannot_be_changed(service, keys, now):
    changes = {"starts_at": now + timedelta(days=2)} if service is api.move_handover else {}

    with pytest.raises(AppointmentNotFound):
        service(**keys, **changes)


def test_nobody_is_missed_before_the_time(shop, keys, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_handover(**keys, starts_at=starts_at)

    with pytest.raises(MoveNotAllowed):
        api.miss_handover(**keys)
    api.miss_handover(**{**keys, "now": starts_at + timedelta(minutes=30)})

    assert scheduling.Booking.objects.get().status == "NO_SHOW"
    assert not HandoverAppointment.objects.filter(ended_at=None).exists()


def test_the_buyer_is_reminded_of_what_is_ahead(shop, own, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_own_handover(**own, starts_at=starts_at)
    scheduling.remind_due(now=starts_at - timedelta(hours=23, minutes=59))
    shop.drain()

    assert "handover_reminder" in shop.messages()


def test_a_cancelled_handover_is_not_reminded_of(shop, own, now):
    booking_id = api.book_own_handover(**own, starts_at=next_handover(shop.store, now=now)).booking_id
    api.cancel_own_handover(**own)

    api.remind_buyer(booking_id=booking_id, cause="x", now=now)

    assert "handover_reminder" not in shop.messages()


def test_the_dealer_sees_who_comes_and_who_has_no_time(shop, own, fulfilment, now):
    assert list(api.list_to_arrange(shop.dealer.pk)) == [fulfilment]

    appointment = api.book_own_handover(**own, starts_at=next_handover(shop.store, now=now))

    assert list(api.list_to_arrange(shop.dealer.pk)) == []
    assert list(api.list_appointments(shop.dealer.pk, since=now)) == [appointment]
    assert list(api.list_appointments(make_dealer_organization().pk)) == []


@pytest.mark.django_db(transaction=True)
class TestRace:
    """Two buyers want the same hour of the only area."""

    @pytest.fixture
    def book_both(self, transactional_db, shop, now):
        make_area(shop.store)
        fulfilments = [arrive(shop, user=make_user()) for _ in range(2)]
        starts_at = next_handover(shop.store, now=now)

        def book(fulfilment):
            return api.book_own_handover(
                number=fulfilment.order.number,
                fulfilment_id=fulfilment.pk,
                starts_at=starts_at,
                by=fulfilment.order.user,
                now=now,
            )

        return lambda: Counter(verdicts(*[partial(book, one) for one in fulfilments]))

    def test_one_wins(self, book_both):
        assert book_both() == {"done": 1, "slot_taken": 1}
        assert HandoverAppointment.objects.count() == scheduling.Booking.objects.count() == 1

    def test_control_without_the_constraint_both_win(self, book_both):
        drop_constraint("scheduling_booking", "scheduling_no_overlap_per_resource")

        assert book_both() == {"done": 2}


def test_the_handover_ends_the_appointment(shop, own, fulfilment, keys, now):
    api.book_own_handover(**own, starts_at=next_handover(shop.store, now=now))
    api.pass_pdi(**keys)
    api.mark_ready(**keys)

    api.hand_over(**keys, code=shop.code_of(fulfilment))

    assert scheduling.Booking.objects.get().status == "DONE"
    assert HandoverAppointment.objects.get().ended_at == now
    with pytest.raises(CarNotThere):
        api.book_own_handover(**own, starts_at=next_handover(shop.store, now=now))


def test_a_fulfilment_without_one_is_handed_over_as_ever(shop, fulfilment, keys):
    api.pass_pdi(**keys)
    api.mark_ready(**keys)
    api.hand_over(**keys, code=shop.code_of(fulfilment))

    with pytest.raises(ObjectDoesNotExist):
        HandoverAppointment.objects.get()


def test_a_time_that_was_moved_since_the_store_looked_stays(shop, keys, now):
    starts_at = next_handover(shop.store, now=now)
    api.book_handover(**keys, starts_at=starts_at)
    api.move_handover(**keys, starts_at=starts_at + timedelta(hours=1), times_moved=0)

    with pytest.raises(scheduling.MovedMeanwhile):
        api.move_handover(**keys, starts_at=starts_at, times_moved=0)

    booking = scheduling.Booking.objects.get()
    assert (booking.starts_at, booking.times_moved) == (starts_at + timedelta(hours=1), 1)
