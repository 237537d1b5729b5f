"""Booking a bay, and the work order from check-in to payment."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from psycopg2.extras import DateRange

from apps.aftersales import api
from apps.aftersales.models import ServicePart
from apps.inventory.api import Reservation, SiteKind, StockLevel, check_levels
from apps.kernel.api import DomainError, MoveNotAllowed, OutboxEvent, RefusedAttempt, outbox, ports
from apps.notifications.api import Message, deliver_message
from apps.scheduling.api import Booking, ResourceKind, remind_due
from tests.factories.accounts import FakeSms, make_user
from tests.factories.aftersales import make_entitlement, make_item, make_owner, make_vehicle
from tests.factories.catalog import make_fitment, make_part, make_trim
from tests.factories.dealers import make_store
from tests.factories.onboarding import picture
from tests.factories.orders import make_site, put_on_shelf
from tests.factories.scheduling import make_resource


def test_books_a_bay_for_the_length_of_the_work(book, ten, item):
    check = make_item("INSPECTION", minutes=40)

    visit = book(services=[api.Wish(code=item.code), api.Wish(code=check.code)])

    assert (visit.status, visit.starts_at, visit.ends_at) == ("BOOKED", ten, ten + timedelta(minutes=90))
    assert visit.booking.resource.kind == ResourceKind.BAY
    assert visit.booking.subject == f"service:{visit.reference}"
    assert [line.owed for line in visit.lines.order_by("pk")] == [180, 180]
    assert OutboxEvent.objects.filter(name="aftersales.service_booked.v1").count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"services": []}, "nothing_chosen"),
        ({"services": [api.Wish(code="NONSENSE")]}, "unknown_service"),
        ({"vehicle_id": 999_999_999}, "not_found"),
        ({"store_id": 999_999_999}, "unknown_store"),
        ({"recall_ids": [1]}, "unknown_service"),
        ({"starts_at": datetime.fromisoformat("2026-06-10T09:00+08:00")}, "slot_in_past"),
        ({"starts_at": datetime.fromisoformat("2026-06-11T23:00+08:00")}, "outside_hours"),
        ({"starts_at": datetime.fromisoformat("2026-06-11T10:07+08:00")}, "slot_not_offered"),
    ],
)
def test_refuses_and_holds_nothing(book, changes, code):
    with pytest.raises(DomainError) as refusal:
        book(**changes)

    assert refusal.value.code == code
    assert not Booking.objects.exists()
    assert not api.ServiceVisit.objects.exists()
    assert RefusedAttempt.objects.get().action == "aftersales.book_service"


def test_a_car_of_somebody_else_a_person_without_a_number_a_store_without_bays_are_refused(book, now):
    stranger, unreachable = make_owner(), make_user()
    mine = make_vehicle(owner=unreachable, now=now)
    for changes, code in (
        ({"by": stranger}, "not_found"),
        ({"by": unreachable, "vehicle_id": mine.pk}, "phone_not_verified"),
        ({"store_id": make_store().pk}, "no_bay"),
    ):
        with pytest.raises(DomainError) as refusal:
            book(**changes)
        assert refusal.value.code == code
    assert not Booking.objects.exists()


def test_a_bay_is_promised_once(book, owner, now):
    book()

    with pytest.raises(DomainError) as refusal:
        book(vehicle_id=make_vehicle(owner=owner, now=now).pk)
    assert refusal.value.code == "slot_taken"


def test_a_package_pays_and_another_person_s_does_not(book, owner, vehicle, item, now):
    own = make_entitlement(holder=owner, vehicle=vehicle, count=1, now=now).lines.get()
    foreign = make_entitlement(holder=make_owner(), now=now).lines.get()
    with pytest.raises(api.EntitlementNotFound):
        book(services=[api.Wish(code=item.code, entitlement_line_id=foreign.pk)])
    other = make_item("INSPECTION")
    with pytest.raises(api.UnknownService):
        book(services=[api.Wish(code=other.code, entitlement_line_id=own.pk)])

    visit = book(services=[api.Wish(code=item.code, entitlement_line_id=own.pk)])

    assert [line.owed for line in visit.lines.all()] == [0]
    view = api.view_package(api.list_own_entitlements(owner).get(), today=now.date())
    assert [(line.redeemed, line.held, line.left) for line in view.lines] == [(0, 1, 0)]


def test_a_package_must_hold_on_the_day_of_the_visit_and_what_is_held_is_rendered(
    book, keys, owner, vehicle, item, now, ten
):
    package = make_entitlement(holder=owner, vehicle=vehicle, now=now)
    wish = [api.Wish(code=item.code, entitlement_line_id=package.lines.get().pk)]
    api.Entitlement.objects.update(valid_until=now.date())
    with pytest.raises(api.EntitlementExpired):
        book(services=wish)
    api.Entitlement.objects.update(valid_until=ten.date(), km_until=12_100)

    visit = book(services=wish)
    with pytest.raises(api.EntitlementExpired):
        api.move_visit(**keys(visit), starts_at=ten + timedelta(days=1))
    api.check_in(**keys(visit), kilometres=12_500)
    assert api.finish_work(**keys(visit)).status == "PAID"


@pytest.fixture
def filter_on_shelf(store, item, vehicle, now):
    """One oil filter that fits the car, in the store's stockroom; one that does not."""
    site = make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)
    wrong, right = make_part(price="40.00"), make_part(price="60.00")
    make_fitment(wrong, make_trim())
    make_fitment(right, vehicle.product.trim)
    for part in (wrong, right):
        ServicePart.objects.create(item=item, product=part)
        put_on_shelf(part, site, 1, now=now, is_offered=False)
    return right


def on_hand(product):
    level = StockLevel.objects.get(product=product)
    return level.on_hand, level.allocated


def test_the_part_that_fits_is_promised_used_and_counted(book, keys, filter_on_shelf):
    visit = book()

    parts = visit.lines.filter(kind="PART")
    assert [(line.product, line.is_reserved, line.owed) for line in parts] == [(filter_on_shelf, True, 60)]
    assert on_hand(filter_on_shelf) == (1, 1)
    api.check_in(**keys(visit), kilometres=12_500)
    done = api.finish_work(**keys(visit))
    assert (done.status, done.due) == ("DONE", 240)
    assert on_hand(filter_on_shelf) == (0, 0)
    assert not check_levels(repair=False)


def test_a_missing_part_is_said_and_holds_nothing_up(book, keys, filter_on_shelf, owner, now, ten):
    book()
    second = book(vehicle_id=_same_model(filter_on_shelf, owner, now).pk, starts_at=ten + timedelta(hours=1))

    assert [line.is_reserved for line in second.lines.filter(kind="PART")] == [False]


def _same_model(part, owner, now):
    trim = part.fitments.get().series.models.get().trims.get()
    return make_vehicle(owner=owner, trim=trim, now=now)


@pytest.mark.parametrize("end", ["cancel", "miss"])
def test_what_is_cancelled_or_missed_gives_bay_parts_and_package_back(
    book, keys, owner, vehicle, item, now, filter_on_shelf, end
):
    line = make_entitlement(holder=owner, vehicle=vehicle, count=1, now=now).lines.get()
    wish = [api.Wish(code=item.code, entitlement_line_id=line.pk)]
    visit = book(services=wish)

    if end == "cancel":
        api.cancel_own_visit(reference=visit.reference, reason="出差", by=owner, now=now)
    else:
        api.mark_visit_missed(**keys(visit))

    assert on_hand(filter_on_shelf) == (1, 0)
    assert not Reservation.objects.filter(status="ALLOCATED").exists()
    with pytest.raises(MoveNotAllowed):
        api.cancel_visit(**keys(visit))
    if end == "cancel":
        assert book(services=wish).status == "BOOKED"


def test_is_moved_in_time_and_not_too_late(book, owner, ten, now, keys):
    visit = book()
    later = ten + timedelta(hours=3)

    moved = api.move_own_visit(reference=visit.reference, starts_at=later, by=owner, now=now)

    assert (moved.starts_at, moved.booking.times_moved) == (later, 1)
    with pytest.raises(DomainError) as refusal:
        api.move_own_visit(reference=visit.reference, starts_at=ten + timedelta(days=1), by=owner, now=later)
    assert refusal.value.code == "too_late_to_change"
    api.check_in(**keys(visit), kilometres=13_000)
    with pytest.raises(MoveNotAllowed):
        api.move_visit(**keys(visit), starts_at=ten + timedelta(days=1))


def test_moves_in_its_own_bay_first_and_to_the_bay_that_is_asked_for(book, keys, store, owner, ten, now):
    first, second = (
        api.list_bays(store.pk).get(),
        make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0),
    )
    in_the_way = book(vehicle_id=make_vehicle(owner=owner, now=now).pk)
    visit = book()
    bay = lambda: Booking.objects.get(pk=visit.booking_id).resource_id  # noqa: E731
    assert (in_the_way.booking.resource_id, bay()) == (first.pk, second.pk)

    later = ten + timedelta(hours=2)
    api.move_visit(**keys(visit), starts_at=later)
    assert bay() == second.pk
    moved = api.move_visit(**keys(visit), starts_at=later, bay_id=first.pk)
    assert (bay(), moved.starts_at) == (first.pk, later)
    api.move_own_visit(reference=visit.reference, starts_at=ten, by=owner, now=now)
    assert bay() == second.pk


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": datetime.fromisoformat("2026-06-11T10:00+08:00")}, "slot_taken"),
        ({"starts_at": datetime.fromisoformat("2026-06-11T23:00+08:00")}, "outside_hours"),
        ({"starts_at": datetime.fromisoformat("2026-06-10T09:00+08:00")}, "slot_in_past"),
        ({"bay_id": 999_999_999}, "not_found"),
    ],
)
def test_a_bay_that_is_taken_closed_or_not_there_moves_nothing(book, keys, store, owner, ten, now, changes, code):
    bay = api.list_bays(store.pk).get()
    make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0)
    book(vehicle_id=make_vehicle(owner=owner, now=now).pk)
    visit = book()
    outbox.drain(now=now, strict=True)

    with pytest.raises(DomainError) as refusal:
        api.move_visit(**{**keys(visit), "starts_at": ten + timedelta(hours=2), "bay_id": bay.pk, **changes})

    assert refusal.value.code == code
    kept = Booking.objects.get(pk=visit.booking_id)
    assert (kept.starts_at, kept.resource_id, kept.times_moved) == (ten, visit.booking.resource_id, 0)
    assert outbox.drain(now=now, strict=True).delivered == 0


def test_the_customer_hears_of_each_new_time_and_of_no_other_bay(book, keys, store, ten, now):
    other = make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0)
    visit, told = book(), Message.objects.filter(template="service_moved", channel="sms")
    # There, back and there again: the third is news as well, where each was sent.
    for number, hours in enumerate((2, 0, 2), start=1):
        api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=hours))
        outbox.drain(now=now, strict=True)
        assert told.count() == number
        told.filter(status="QUEUED").update(attempts=1)

    api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=2), bay_id=other.pk)
    outbox.drain(now=now, strict=True)

    assert Booking.objects.get(pk=visit.booking_id).resource_id == other.pk
    assert told.count() == 3


def sent(messages, *, at):
    """Send what is due; return the times that were told by SMS, the first first."""
    for message in messages.order_by("pk"):
        deliver_message(message_id=message.pk, now=at)
    return [message.context["time"][-5:] for message in messages.filter(channel="sms", status="SENT").order_by("pk")]


@pytest.mark.parametrize(
    ("moves", "heard"),
    [
        ((2, 0), []),  # undone in time
        ((2, 3), ["13:00"]),  # only where it ends
        ((2, 3, 0), []),
        ((2, 0, 3), ["13:00"]),
    ],
)
def test_what_the_store_undoes_within_a_minute_is_told_to_nobody(book, keys, ten, now, moves, heard):
    visit, told = book(), Message.objects.filter(template="service_moved")
    for hours in moves:
        api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=hours))
        outbox.drain(now=now, strict=True)
    with ports.using({"notifications.sms": FakeSms()}):
        assert sent(told, at=now + timedelta(seconds=59)) == []
        assert sent(told, at=now + timedelta(minutes=1)) == heard
        # Later it is news, back to where it was as well.
        api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=5))
        outbox.drain(now=now, strict=True)
        assert sent(told, at=now + timedelta(minutes=3)) == [*heard, "15:00"]
        api.move_visit(**keys(visit), starts_at=ten)
        outbox.drain(now=now, strict=True)
        assert sent(told, at=now + timedelta(minutes=5)) == [*heard, "15:00", "10:00"]


def test_a_visit_called_off_within_the_minute_is_told_once(book, keys, ten, now):
    visit = book()
    api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=2))
    api.cancel_visit(**keys(visit), reason="停电")
    outbox.drain(now=now, strict=True)

    waiting = Message.objects.filter(status="QUEUED", channel="sms").order_by("pk").values_list("template", flat=True)
    assert list(waiting) == ["service_booked", "service_cancelled"]


def test_who_moves_it_oneself_is_told_at_once(book, keys, owner, ten, now):
    visit = book()
    api.move_visit(**keys(visit), starts_at=ten + timedelta(hours=2))
    outbox.drain(now=now, strict=True)
    api.move_own_visit(reference=visit.reference, starts_at=ten, by=owner, now=now)
    outbox.drain(now=now, strict=True)

    text = Message.objects.get(template="service_moved", channel="sms", status="QUEUED")
    assert (text.context["time"], text.next_attempt_at) == ("2026-06-11 10:00", now)


def test_nobody_has_more_than_five_ahead(book, owner, store, ten, now):
    for hour in range(5):
        book(vehicle_id=make_vehicle(owner=owner, now=now).pk, starts_at=ten + timedelta(hours=hour))

    with pytest.raises(api.TooManyVisits):
        book(starts_at=ten + timedelta(hours=6))


def test_kilometres_only_grow(book, keys, vehicle):
    visit = book()
    for kilometres in (11_999, 2_000_001):
        with pytest.raises(api.InvalidReport):
            api.check_in(**keys(visit), kilometres=kilometres)

    assert api.check_in(**keys(visit), kilometres=12_000).status == "CHECKED_IN"
    vehicle.refresh_from_db()
    assert vehicle.kilometres == 12_000


@pytest.fixture
def plan(vehicle, item):
    plan = api.MaintenancePlan.objects.create(
        model=vehicle.product.trim.model, valid=DateRange(date(2024, 1, 1), None), source="保养手册 2024"
    )
    for months in (12, 24):
        plan.steps.create(months=months, km=months * 1000).items.add(item)
    return plan


def test_the_plan_says_what_is_next_and_what_was_done(book, keys, plan, vehicle, now):
    today = now.date()
    assert api.get_coming(vehicle, today=today).due.need == "OVERDUE"

    visit = book(services=[], is_next_of_plan=True)
    assert visit.step == plan.steps.get(months=12)
    api.check_in(**keys(visit), kilometres=12_500)
    api.finish_work(**keys(visit))

    assert api.get_coming(vehicle, today=today).step.months == 24


def test_a_recall_costs_nothing_and_is_put_right_once(book, keys, vehicle, owner, item, now):
    recall = api.Recall.objects.create(
        code="S2026M0001",
        title_zh="制动软管",
        title_en="Brake hose",
        body_zh="…",
        body_en="…",
        item=item,
        source="总局公告",
    )
    assert api.add_recall_cars(recall_id=recall.pk, vins=[vehicle.vin, vehicle.vin, ""], now=now) == 1
    assert not api.list_open_recalls(vehicle.vin)
    api.publish_recall(recall_id=recall.pk, by=None, now=now)
    api.publish_recall(recall_id=recall.pk, by=None, now=now)
    outbox.drain(now=now, strict=True)
    assert Message.objects.filter(template="recall_notice", channel="sms").count() == 1

    visit = book(services=[], recall_ids=[recall.pk])
    api.check_in(**keys(visit), kilometres=12_500)
    done = api.finish_work(**keys(visit))

    assert (done.status, done.due) == ("PAID", 0)
    assert not api.list_open_recalls(vehicle.vin)
    with pytest.raises(DomainError):
        api.add_recall_cars(recall_id=recall.pk, vins=["LXC"], now=now)


@pytest.fixture
def finding(at_work, keys):
    visit = at_work()
    return api.add_finding(**keys(visit), text="前刹车片剩余 2 毫米", urgency="NOW")


def propose(finding, keys, **changes):
    values = {"finding_id": finding.pk, "labour": Decimal("200.00"), **changes}
    return api.propose_work(**keys(finding.visit), **values)


def answer(finding, owner, now, *, approves):
    reference = finding.visit.reference
    return api.answer_finding(reference=reference, finding_id=finding.pk, approves=approves, by=owner, now=now)


@pytest.mark.parametrize(("approves", "due"), [(True, 620), (False, 180)])
def test_extra_work_is_paid_only_if_it_was_approved(finding, keys, owner, now, approves, due):
    part = make_part(price="120.00")
    propose(finding, keys, parts=[api.PartWish(product_id=part.pk, quantity=2)])
    with pytest.raises(api.AnswerPending):
        api.finish_work(**keys(finding.visit))

    answer(finding, owner, now, approves=approves)
    with pytest.raises(MoveNotAllowed):
        answer(finding, owner, now, approves=not approves)

    assert api.finish_work(**keys(finding.visit)).due == due


def test_nobody_else_answers_and_nobody_proposes_twice(finding, keys, now):
    propose(finding, keys)

    with pytest.raises(api.VisitNotFound):
        answer(finding, make_owner(), now, approves=True)
    with pytest.raises(MoveNotAllowed):
        propose(finding, keys)
    finding.refresh_from_db()
    assert (finding.status, finding.lines.count()) == ("PROPOSED", 1)


@pytest.mark.parametrize(
    "wish",
    [
        {"labour": Decimal(-1)},
        {"labour": Decimal("0.001")},
        {"labour": Decimal(0)},
        {"parts": [api.PartWish(product_id=1, quantity=0)]},
        {"parts": [api.PartWish(product_id=999_999_999)]},
        {"finding_id": 999_999_999},
    ],
)
def test_proposals_that_cannot_be_are_refused(finding, keys, wish):
    with pytest.raises(DomainError):
        propose(finding, keys, **wish)

    finding.refresh_from_db()
    assert (finding.status, finding.lines.count()) == ("NOTED", 0)


def test_pictures_show_what_was_found_and_other_files_are_refused(finding, keys):
    api.add_finding_photo(**keys(finding.visit), finding_id=finding.pk, upload=picture())

    with pytest.raises(DomainError) as refusal:
        api.add_finding_photo(
            **keys(finding.visit), finding_id=finding.pk, upload=ContentFile(b"#!/bin/sh", name="pad.png")
        )
    assert refusal.value.code == "file_refused"
    assert finding.photos.count() == 1


@pytest.mark.parametrize("report", [{"text": " "}, {"urgency": "PERHAPS"}])
def test_findings_need_words_and_an_urgency(at_work, keys, report):
    with pytest.raises(api.InvalidReport):
        api.add_finding(**keys(at_work()), **{"text": "异响", "urgency": "SOON", **report})


def test_a_package_is_redeemed_once_when_the_work_is_done(at_work, keys, owner, vehicle, item, now):
    line = make_entitlement(holder=owner, vehicle=vehicle, now=now).lines.get()
    visit = at_work(services=[api.Wish(code=item.code, entitlement_line_id=line.pk)])

    done = api.finish_work(**keys(visit))

    assert (done.status, done.due, done.store_id) == ("PAID", 0, line.redemptions.get().store_id)
    with pytest.raises(MoveNotAllowed):
        api.finish_work(**keys(visit))
    assert line.redemptions.count() == 1


@pytest.mark.parametrize(
    ("amount", "tender", "code"),
    [("179.99", "CARD", "amount_differs"), ("180.01", "CARD", "amount_differs"), ("180.00", "IOU", "invalid_report")],
)
def test_what_is_owed_is_paid_exactly_and_once(at_work, keys, amount, tender, code):
    visit = at_work()
    with pytest.raises(MoveNotAllowed):
        api.settle_visit(**keys(visit), amount=Decimal("180.00"), tender="CARD")
    api.finish_work(**keys(visit))

    with pytest.raises(DomainError) as refusal:
        api.settle_visit(**keys(visit), amount=Decimal(amount), tender=tender)
    assert refusal.value.code == code
    paid = api.settle_visit(**keys(visit), amount=Decimal("180.00"), tender="CARD")
    assert (paid.status, paid.tender) == ("PAID", "CARD")
    with pytest.raises(MoveNotAllowed):
        api.settle_visit(**keys(visit), amount=Decimal("180.00"), tender="CARD")


def test_another_dealer_finds_nothing(book, keys):
    visit = book()
    foreign = {**keys(visit), "organization_id": make_store().dealer.organization_id}

    for service, more in (
        (api.check_in, {"kilometres": 12_500}),
        (api.cancel_visit, {}),
        (api.mark_visit_missed, {}),
        (api.finish_work, {}),
        (api.verify_owner, {}),
        (api.add_finding, {"text": "x", "urgency": "SOON"}),
    ):
        with pytest.raises(api.VisitNotFound):
            service(**foreign, **more)


def test_papers_seen_at_the_store_make_the_owner(book, keys, now, vehicle):
    claimed = make_vehicle(now=now)
    stranger = make_owner()
    own = api.claim_vehicle(vin=claimed.vin, by=stranger, now=now)
    visit = book(vehicle_id=claimed.pk, by=stranger)
    with pytest.raises(MoveNotAllowed):
        api.verify_owner(**keys(visit))

    api.check_in(**keys(visit), kilometres=12_500)
    api.verify_owner(**keys(visit))
    own.refresh_from_db()
    assert own.is_verified
    api.give_up(vehicle_id=claimed.pk, by=stranger, now=now)
    with pytest.raises(api.VehicleNotFound):
        api.verify_owner(**keys(visit))


def test_messages_are_told_once_per_cause(book, keys, ten, now):
    visit = book()
    remind_due(now=ten - timedelta(hours=2))
    outbox.drain(now=ten, strict=True)
    api.check_in(**keys(visit), kilometres=12_500)
    finding = api.add_finding(**keys(visit), text="雨刮老化", urgency="SOON")
    propose(finding, keys)
    outbox.drain(now=ten, strict=True)
    api.tell_customer(visit_id=visit.pk, template="service_booked", cause="", now=now)

    told = list(Message.objects.filter(channel="sms").order_by("template").values_list("template", flat=True))
    assert told == ["service_booked", "service_question", "service_reminder"]


def test_a_workshop_has_as_many_at_a_time_as_bays(store, owner, ten, now, item):
    make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0)
    for _ in range(2):
        api.book_service(
            vehicle_id=make_vehicle(owner=owner, now=now).pk,
            store_id=store.pk,
            starts_at=ten,
            services=[api.Wish(code=item.code)],
            by=owner,
            now=now,
        )

    slots = api.list_service_times(store_id=store.pk, minutes=45, first_day=ten.date(), days=1, now=now)
    assert [slot.is_free for slot in slots if slot.starts_at == ten] == [False]
