"""Balances nobody pays: dated when the goods are there, reminded of once, then the order is released; or paid."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.inventory.api import StockLevel, Unit, check_levels
from apps.notifications.models import Message
from apps.orders import api
from apps.orders.models import BalanceRule, HandoverAppointment, OrderEvent
from apps.orders.services import balances
from apps.orders.tasks import follow_balances_task
from apps.payments.api import Refund
from apps.scheduling.api import Booking
from tests.apps.orders.test_races import Interleaved
from tests.factories.accounts import make_user
from tests.factories.handovers import arrive, make_area, make_ready, next_handover
from tests.factories.orders import Shop
from tests.races import race

DAY = timedelta(days=1)


@pytest.fixture
def rule(db):
    return BalanceRule.objects.get()


@pytest.fixture
def waiting(shop):
    """A car with a prepayment that has come to the store; its balance is called."""
    return arrive(shop, user=make_user(), plan="deposit")


def codes(order):
    return list(OrderEvent.objects.filter(order=order).order_by("pk").values_list("code", flat=True))


def told(order, template):
    return Message.objects.filter(template=template, dedupe_key__contains=order.number).count()


def test_the_rule_in_force_dates_the_balance_when_the_car_is_there(shop, rule, waiting, now):
    order = shop.reload(waiting.order.number)

    assert order.status == "AWAITING_BALANCE"
    assert order.balance_due_at == now + rule.days * DAY
    assert order.balance_remind_at == order.balance_due_at - rule.remind_days * DAY


def test_whoever_opens_the_payment_before_the_car_is_there_has_no_date_yet(shop, now):
    order = shop.placed(shop.car(), method="pickup", plan="deposit", user=make_user())
    open_balance(shop, order)

    order = shop.reload(order.number)
    assert (order.status, order.balance_due_at) == ("AWAITING_BALANCE", None)

    keys = {"fulfilment_id": order.fulfilments.get().pk, "organization_id": shop.dealer.pk, "by": None}
    api.accept_fulfilment(**keys, now=now)
    api.mark_arrived(**keys, now=now + 5 * DAY)
    assert shop.reload(order.number).balance_due_at == now + 19 * DAY


def test_a_rule_that_changes_later_changes_no_order(shop, rule, waiting, now):
    BalanceRule.objects.update(valid_until=now)
    BalanceRule.objects.create(days=3, remind_days=1, valid_from=now, source="test")

    assert shop.reload(waiting.order.number).balance_due_at == now + rule.days * DAY
    other = arrive(shop, plan="deposit")
    assert shop.reload(other.order.number).balance_due_at == now + 3 * DAY


def test_without_a_rule_a_balance_may_be_paid_for_ever(shop, rule, now):
    rule.delete()
    order = arrive(shop, plan="deposit").order

    assert shop.reload(order.number).balance_due_at is None
    assert api.release_unpaid_balances(now=now + 999 * DAY) == []


@pytest.mark.parametrize("values", [{"days": 0, "remind_days": 0}, {"days": 3, "remind_days": 3}])
def test_the_database_keeps_rules_in_range(rule, values, now):
    BalanceRule.objects.update(valid_until=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        BalanceRule.objects.create(**values, valid_from=now, source="test")


def test_buyers_are_reminded_once_and_not_before_the_day(shop, waiting):
    order = shop.reload(waiting.order.number)

    assert api.remind_of_balances(now=order.balance_remind_at - timedelta(seconds=1)) == []
    assert api.remind_of_balances(now=order.balance_remind_at) == [order.number]
    assert api.remind_of_balances(now=order.balance_remind_at + DAY) == []

    assert codes(order).count("balance_reminded") == 1
    message = Message.objects.filter(template="balance_reminder").first()
    assert message is not None
    assert told(order, "balance_reminder") == 2


def test_whoever_paid_is_neither_reminded_nor_released(shop, waiting):
    order = shop.reload(waiting.order.number)
    shop.pay_balance(order)

    assert api.remind_of_balances(now=order.balance_remind_at) == []
    assert api.release_unpaid_balances(now=order.balance_due_at + DAY) == []
    assert shop.reload(order.number).status == "IN_FULFILMENT"


def test_nothing_is_released_before_its_day(shop, waiting):
    order = shop.reload(waiting.order.number)

    assert api.release_unpaid_balances(now=order.balance_due_at - timedelta(seconds=1)) == []
    assert shop.reload(order.number).status == "AWAITING_BALANCE"


@pytest.mark.parametrize("is_ready", [False, True])
def test_the_prepayment_goes_back_and_the_car_stays_at_the_store(shop, waiting, is_ready):
    if is_ready:
        make_ready(shop, waiting)
    order = shop.reload(waiting.order.number)
    unit = Unit.objects.get(site=shop.store.site)

    assert api.release_unpaid_balances(now=order.balance_due_at) == [order.number]
    shop.drain()
    shop.refund_all()

    order, unit = shop.reload(order.number), Unit.objects.get(pk=unit.pk)
    assert (order.status, order.refunded) == ("CANCELLED", order.deposit)
    assert (Refund.objects.get().reason, Refund.objects.get().status) == ("balance_overdue", "SUCCEEDED")
    assert (unit.status, unit.site) == ("AT_DEALER", shop.store.site)
    assert StockLevel.objects.get(product=unit.product, site=shop.store.site).on_hand == 1
    assert check_levels() == []
    assert order.fulfilments.get().status == "CANCELLED"
    assert order.seller_orders.get().status == "CANCELLED"
    assert codes(order)[-3:] == ["refund_requested", "balance_overdue", "refunded"]
    assert told(order, "balance_overdue") == 2
    assert told(order, "order_cancelled") == 0
    assert api.release_unpaid_balances(now=order.balance_due_at + DAY) == []


def test_the_time_to_fetch_the_car_is_given_up(shop, waiting, now):
    make_area(shop.store)
    order = shop.reload(waiting.order.number)
    api.book_own_handover(
        number=order.number, fulfilment_id=waiting.pk, starts_at=next_handover(shop.store, now=now), by=order.user,
        now=now,
    )  # fmt: skip

    api.release_unpaid_balances(now=order.balance_due_at)

    assert HandoverAppointment.objects.get().ended_at == order.balance_due_at
    assert Booking.objects.get().status == "CANCELLED"


def test_a_car_that_was_accepted_for_delivery_is_free_at_the_plant_again(shop, now):
    order = shop.placed(shop.car(stock=1), plan="deposit")
    fulfilment = order.fulfilments.get()
    api.accept_fulfilment(fulfilment_id=fulfilment.pk, organization_id=shop.headquarters.pk, by=None, now=now)
    order = shop.reload(order.number)
    assert order.balance_due_at == now + 14 * DAY

    assert api.release_unpaid_balances(now=order.balance_due_at) == [order.number]

    unit = Unit.objects.get()
    level = StockLevel.objects.get(product=unit.product)
    assert (unit.status, unit.site) == ("BUILT", shop.plant)
    assert (level.on_hand, level.reserved, level.allocated) == (1, 0, 0)


def test_goods_on_the_road_are_waited_for(shop, now):
    order = shop.placed(shop.car(), shop.part(), method="pickup", plan="deposit", user=make_user())
    car = order.fulfilments.get(source=shop.headquarters)
    part = order.fulfilments.exclude(pk=car.pk).get()
    at_store = {"organization_id": shop.dealer.pk, "by": None, "now": now}
    api.accept_fulfilment(fulfilment_id=part.pk, **at_store)
    api.mark_arrived(fulfilment_id=part.pk, **at_store)
    api.ship_fulfilment(
        fulfilment_id=car.pk, organization_id=shop.headquarters.pk, carrier="SF", tracking_number="1", by=None, now=now
    )
    due = shop.reload(order.number).balance_due_at

    assert api.release_unpaid_balances(now=due) == []
    assert shop.reload(order.number).status == "AWAITING_BALANCE"

    api.mark_arrived(fulfilment_id=car.pk, **{**at_store, "now": due})
    assert api.release_unpaid_balances(now=due) == [order.number]
    assert check_levels() == []


def test_money_that_nobody_counted_yet_keeps_the_order(shop, waiting, now):
    order = shop.reload(waiting.order.number)
    payment = open_balance(shop, order)
    shop.capture(payment.number, now=order.balance_due_at)

    assert api.release_unpaid_balances(now=order.balance_due_at) == []
    shop.drain()
    assert shop.reload(order.number).status == "IN_FULFILMENT"


def test_money_that_comes_after_the_release_goes_back(shop, waiting):
    order = shop.reload(waiting.order.number)
    payment = open_balance(shop, order)
    api.release_unpaid_balances(now=order.balance_due_at)

    shop.pay(payment, now=order.balance_due_at + timedelta(minutes=1))
    shop.refund_all()

    order = shop.reload(order.number)
    assert (order.status, order.paid, order.refunded) == ("CANCELLED", order.total, order.total)


def test_the_daily_task_reminds_and_releases(shop, waiting, monkeypatch):
    order = shop.reload(waiting.order.number)

    monkeypatch.setattr("django.utils.timezone.now", lambda: order.balance_remind_at)
    follow_balances_task(unknown="ignored")
    assert shop.reload(order.number).status == "AWAITING_BALANCE"
    monkeypatch.setattr("django.utils.timezone.now", lambda: order.balance_due_at)
    follow_balances_task()

    assert shop.reload(order.number).status == "CANCELLED"
    assert [name for name in codes(order) if name.startswith("balance_")] == [
        "balance_called", "balance_reminded", "balance_overdue",
    ]  # fmt: skip


def test_the_buyer_reads_until_when_on_the_order_page(shop, waiting, client, rule):
    order = shop.reload(waiting.order.number)
    client.force_login(order.user)

    page = client.get(reverse("shop:order", args=[order.number]), headers={"accept-language": "en"}).content.decode()
    body = client.get(f"/api/v1/orders/{order.number}/").json()

    assert "Please pay the balance by" in page
    assert body["balance_due_at"][:10] == order.balance_due_at.isoformat()[:10]


def open_balance(shop, order):
    return api.pay_order(
        number=order.number,
        provider="wechatpay",
        tender="balance",
        return_url="https://x.example/{number}/",
        by=order.user,
        now=shop.now,
    )


@pytest.mark.django_db(transaction=True)
class TestRace:
    """The balance is paid at the moment the order is released."""

    @pytest.fixture
    def shop(self, transactional_db, gateway, now):
        return Shop(now=now, gateway=gateway)

    def test_paid_or_released_never_both(self, shop):
        for _ in range(4):
            order = shop.reload(arrive(shop, user=make_user(), plan="deposit").order.number)
            payment, due = open_balance(shop, order), order.balance_due_at
            race(
                lambda payment=payment, due=due: shop.pay(payment, now=due),
                lambda order=order, due=due: api.release_unpaid_balance(number=order.number, now=due),
            )
            shop.drain()
            shop.refund_all()
            order = shop.reload(order.number)
            assert (order.status, order.refunded) in [("IN_FULFILMENT", 0), ("CANCELLED", order.paid)]
            assert {"placed", "balance_overdue"} - set(codes(order)) != set()
            assert check_levels() == []

    def test_two_workers_release_once(self, shop):
        order = shop.reload(arrive(shop, plan="deposit").order.number)
        due = order.balance_due_at

        results = race(*[lambda: api.release_unpaid_balance(number=order.number, now=due)] * 4)

        assert sorted(results) == [False, False, False, True]
        assert Refund.objects.count() == 1
        assert codes(order).count("balance_overdue") == 1

    def test_control_without_the_order_s_lock_a_paid_order_is_released(self, shop, monkeypatch):
        order = shop.reload(arrive(shop, user=make_user(), plan="deposit").order.number)
        payment, due = open_balance(shop, order), order.balance_due_at
        monkeypatch.setattr(balances, "lock_order", lambda number: api.CustomerOrder.objects.get(number=number))
        checked = Interleaved(monkeypatch, balances, "_has_more_money")

        race(
            lambda: api.release_unpaid_balance(number=order.number, now=due),
            lambda: checked.during(lambda: shop.pay(payment, now=due)),
            keeps_errors=True,
        )

        assert set(codes(order)) >= {"placed", "balance_overdue"}
