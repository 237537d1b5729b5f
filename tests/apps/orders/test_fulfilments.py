"""Walking goods to their buyer: who may move what, and what each refusal leaves unchanged."""

from datetime import timedelta

import pytest

from apps.accounts.api import OrganizationKind
from apps.inventory.api import StockLevel, Unit
from apps.kernel.api import MoveNotAllowed
from apps.orders import api
from apps.orders.errors import (
    BalanceDue,
    CannotCancel,
    CodeExhausted,
    FulfilmentNotFound,
    ReasonRequired,
    TrackingRequired,
    UnknownVin,
    WrongCode,
)
from apps.orders.models import AssignedVehicle, PickupCode, RoutingDecision
from apps.payments.api import Refund
from tests.factories.accounts import make_company
from tests.factories.orders import make_site, name_site, put_on_shelf

DAY = timedelta(days=1)


@pytest.fixture
def keys(shop):
    def make(fulfilment, organization=None):
        organization = organization or (shop.supplier if fulfilment.method == "delivery" else shop.dealer)
        return {"fulfilment_id": fulfilment.pk, "organization_id": organization.pk, "by": None, "now": shop.now}

    return make


@pytest.fixture
def delivery(shop):
    """A paid delivery out of the supplier's warehouse."""
    return shop.placed(shop.part(stock=3)).fulfilments.get()


@pytest.fixture
def pickup(shop):
    """A paid pickup of a part that lies at the supplier's."""
    return shop.placed(shop.part(stock=3), method="pickup").fulfilments.get()


def fresh(fulfilment):
    return api.Fulfilment.objects.get(pk=fulfilment.pk)


def test_whoever_has_no_part_in_it_finds_nothing(shop, delivery, pickup, keys):
    stranger = make_company(OrganizationKind.DEALER)
    for move in (api.accept_fulfilment, api.mark_arrived, api.pass_pdi, api.mark_ready):
        for fulfilment in (delivery, pickup):
            with pytest.raises(FulfilmentNotFound):
                move(**keys(fulfilment, stranger))
    for fulfilment in (delivery, pickup):
        with pytest.raises(FulfilmentNotFound):
            api.access_fulfilment(fulfilment_id=fulfilment.pk, organization_id=stranger.pk)
        assert fresh(fulfilment).status == "PENDING"


def test_the_supplier_of_a_pickup_ships_but_does_not_hand_over(shop, pickup, keys):
    supplier = keys(pickup, shop.supplier)
    for move in (api.mark_arrived, api.pass_pdi, api.mark_ready):
        with pytest.raises(MoveNotAllowed):
            move(**supplier)
    assert api.accept_fulfilment(**supplier).status == "PENDING"
    with pytest.raises(MoveNotAllowed):
        api.accept_fulfilment(**supplier)
    assert api.ship_fulfilment(**supplier, carrier="SF", tracking_number="1").status == "IN_TRANSIT"
    assert StockLevel.objects.get(site=shop.warehouse).on_hand == 2
    accepted = api.accept_fulfilment(**keys(pickup))
    assert accepted.accepted_at is not None
    assert api.mark_arrived(**keys(pickup)).status == "ARRIVED"
    assert StockLevel.objects.get(site=shop.warehouse).on_hand == 2


def test_the_dealer_may_take_a_pickup_on_before_it_is_shipped(shop, pickup, keys):
    assert api.accept_fulfilment(**keys(pickup)).status == "IN_TRANSIT"
    with pytest.raises(MoveNotAllowed):
        api.accept_fulfilment(**keys(pickup))
    with pytest.raises(MoveNotAllowed):
        api.ship_fulfilment(**keys(pickup), carrier="SF", tracking_number="1")
    shipped = api.ship_fulfilment(**keys(pickup, shop.supplier), carrier="SF", tracking_number="1")
    assert (shipped.status, shipped.tracking_number) == ("IN_TRANSIT", "1")
    with pytest.raises(MoveNotAllowed):
        api.ship_fulfilment(**keys(pickup, shop.supplier), carrier="SF", tracking_number="2")


def test_a_delivery_is_shipped_after_it_was_accepted_and_once(shop, delivery, keys):
    tracking = {"carrier": "SF", "tracking_number": "1"}
    with pytest.raises(MoveNotAllowed):
        api.ship_fulfilment(**keys(delivery), **tracking)
    api.accept_fulfilment(**keys(delivery))
    with pytest.raises(MoveNotAllowed):
        api.accept_fulfilment(**keys(delivery))
    with pytest.raises(TrackingRequired):
        api.ship_fulfilment(**keys(delivery), carrier=" ", tracking_number="1")
    api.ship_fulfilment(**keys(delivery), **tracking)
    with pytest.raises(MoveNotAllowed):
        api.ship_fulfilment(**keys(delivery), **tracking)
    assert StockLevel.objects.get(site=shop.warehouse).on_hand == 2
    assert shop.messages().count("shipped") == 2  # one by SMS, one by e-mail


def test_a_car_with_a_prepayment_is_not_shipped_home_before_the_balance(shop, keys):
    order = shop.placed(shop.car(), plan="deposit")
    fulfilment = order.fulfilments.get()
    headquarters = keys(fulfilment, shop.headquarters)
    api.accept_fulfilment(**headquarters)
    with pytest.raises(BalanceDue):
        api.ship_fulfilment(**headquarters, carrier="SF", tracking_number="1")
    shop.pay_balance(order)
    api.ship_fulfilment(**headquarters, carrier="SF", tracking_number="1")
    api.confirm_as_staff(fulfilment_id=fulfilment.pk, by=None, now=shop.now)
    assert shop.reload(order.number).status == "COMPLETED"
    assert Unit.objects.get(status="DELIVERED")


def test_silence_closes_a_delivery_after_ten_days(shop, delivery, keys):
    api.accept_fulfilment(**keys(delivery))
    api.ship_fulfilment(**keys(delivery), carrier="SF", tracking_number="1")
    assert api.confirm_old_deliveries(now=shop.now + 9 * DAY) == []
    assert api.confirm_old_deliveries(now=shop.now + 10 * DAY) == [delivery.pk]
    assert shop.reload(delivery.order.number).status == "COMPLETED"
    assert api.confirm_old_deliveries(now=shop.now + 11 * DAY) == []


# Hand-over


def test_a_car_is_not_announced_before_its_inspection(shop, keys):
    fulfilment = shop.placed(shop.car(), method="pickup").fulfilments.get()
    api.accept_fulfilment(**keys(fulfilment))
    api.mark_arrived(**keys(fulfilment))
    with pytest.raises(MoveNotAllowed):
        api.mark_ready(**keys(fulfilment))
    with pytest.raises(MoveNotAllowed):
        api.hand_over(**keys(fulfilment), code="000000")
    assert not PickupCode.objects.exists()
    assert Unit.objects.get(status="INVOICED").site == shop.store.site


def test_a_car_of_another_order_does_not_arrive_for_this_one(shop, keys):
    fulfilment = shop.placed(shop.car(), method="pickup").fulfilments.get()
    other = shop.placed(shop.car(), method="pickup").fulfilments.get()
    api.accept_fulfilment(**keys(fulfilment))
    mine, theirs = (AssignedVehicle.objects.get(line__fulfilment=one).vin for one in (fulfilment, other))
    for wrong in (theirs, "LSVAA49J132047371", "nonsense", mine[:-1]):
        with pytest.raises(UnknownVin) as caught:
            api.mark_arrived(**keys(fulfilment), vin=wrong)
        assert caught.value.code == "unknown_vin"
    assert fresh(fulfilment).status == "IN_TRANSIT"
    assert not Unit.objects.filter(site=shop.store.site).exists()

    api.mark_arrived(**keys(fulfilment), vin=f" {mine.lower()} ")

    assert fresh(fulfilment).status == "ARRIVED"


def wrong_code(shop, fulfilment):
    return "000000" if shop.code_of(fulfilment) != "000000" else "111111"


def test_five_wrong_codes_use_the_code_up_and_ready_sends_a_new_one(shop, pickup, keys):
    shop.walk_to_ready(pickup)
    right, wrong = shop.code_of(pickup), wrong_code(shop, pickup)
    with pytest.raises(MoveNotAllowed):
        api.mark_ready(**keys(pickup))
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refusal:
            api.hand_over(**keys(pickup), code=wrong)
        assert refusal.value.context == {"attempts_left": left}
    with pytest.raises(CodeExhausted):
        api.hand_over(**keys(pickup), code=right)
    assert fresh(pickup).status == "READY"
    api.mark_ready(**keys(pickup))
    assert PickupCode.objects.count() == 2
    assert api.hand_over(**keys(pickup), code=shop.code_of(pickup)).status == "HANDED_OVER"


def test_handing_over_again_changes_nothing_with_the_right_code_only(shop, pickup, keys):
    shop.walk_to_ready(pickup)
    code, wrong = shop.code_of(pickup), wrong_code(shop, pickup)
    done = api.hand_over(**keys(pickup), code=code).done_at
    again = api.hand_over(**{**keys(pickup), "now": shop.now + DAY}, code=code)
    assert again.done_at == done
    with pytest.raises(WrongCode):
        api.hand_over(**keys(pickup), code=wrong)


def test_headquarters_sends_a_new_code(shop, pickup, keys):
    with pytest.raises(MoveNotAllowed):
        api.reissue_code(fulfilment_id=pickup.pk, by=None, now=shop.now)
    shop.walk_to_ready(pickup)
    api.reissue_code(fulfilment_id=pickup.pk, by=None, now=shop.now)
    assert PickupCode.objects.filter(replaced_at__isnull=True).count() == 1
    assert shop.messages().count("pickup_code") == 2


# Cancellation


@pytest.mark.parametrize("method", ["delivery", "pickup"])
@pytest.mark.parametrize("is_accepted", [False, True])
def test_an_order_is_called_off_while_nothing_has_left(shop, keys, method, is_accepted):
    part = shop.part(stock=1)
    order = shop.placed(part, method=method)
    if is_accepted:
        api.accept_fulfilment(**keys(order.fulfilments.get()))
    api.call_off(number=order.number, reason="x", by=None, now=shop.now)
    shop.refund_all()
    order = shop.reload(order.number)
    assert (order.status, order.refunded) == ("CANCELLED", order.total)
    assert order.seller_orders.get().status == "CANCELLED"
    assert order.seller_orders.get().refunded == order.total
    assert order.fulfilments.get().status == "CANCELLED"
    assert StockLevel.objects.get(product=part).allocated == 0
    with pytest.raises(MoveNotAllowed):
        api.accept_fulfilment(**keys(order.fulfilments.get()))


def test_a_cancelled_car_is_free_for_the_next_buyer(shop):
    car = shop.car(stock=1)
    order = shop.placed(car, method="pickup", plan="deposit")
    api.call_off(number=order.number, reason="x", by=None, now=shop.now)
    assert Unit.objects.get().status == "BUILT"
    assert shop.placed(car, method="pickup").status == "PLACED"
    shop.refund_all()
    assert shop.reload(order.number).refunded == order.deposit


def test_an_unpaid_order_is_called_off_and_its_late_payment_given_back(shop):
    result = shop.order(shop.part(stock=1))
    api.cancel_order(number=result.order_number, reason="x", by=None, token=result.order_token, now=shop.now)
    shop.pay(result.payment)
    shop.refund_all()
    order = shop.reload(result.order_number)
    assert order.status == "CANCELLED"
    assert order.paid == order.refunded == order.total


def test_what_was_shipped_or_arrived_is_not_called_off(shop, delivery, pickup, keys):
    api.accept_fulfilment(**keys(delivery))
    api.ship_fulfilment(**keys(delivery), carrier="SF", tracking_number="1")
    api.ship_fulfilment(**keys(pickup, shop.supplier), carrier="SF", tracking_number="1")
    for fulfilment in (delivery, pickup):
        with pytest.raises(CannotCancel) as refusal:
            api.call_off(number=fulfilment.order.number, reason="x", by=None, now=shop.now)
        assert refusal.value.context["reason"] == "in_fulfilment"
    assert not Refund.objects.exists()


def test_an_expired_order_is_not_called_off(shop):
    result = shop.order(shop.part())
    api.expire_orders(now=shop.now + DAY)
    with pytest.raises(CannotCancel) as refusal:
        api.call_off(number=result.order_number, reason="x", by=None, now=shop.now)
    assert refusal.value.context["reason"] == "expired"


def test_calling_off_needs_a_reason(shop, delivery):
    with pytest.raises(ReasonRequired):
        api.call_off(number=delivery.order.number, reason="  ", by=None, now=shop.now)
    assert shop.reload(delivery.order.number).status == "PLACED"


# Rerouting


@pytest.fixture
def two_sites(shop):
    """A part that lies at two sites of the supplier, the nearer one first; paid and to be delivered."""
    part = shop.part(stock=2)
    far = make_site(shop.supplier, place=(39.9, 116.4))
    put_on_shelf(part, far, 5, now=shop.now)
    name_site(part, far)
    fulfilment = shop.placed((part, 2)).fulfilments.get()
    assert fulfilment.site == shop.warehouse
    return fulfilment, far


def test_a_rejected_delivery_goes_to_the_next_site(shop, two_sites, keys):
    fulfilment, far = two_sites
    with pytest.raises(ReasonRequired):
        api.reject_fulfilment(**keys(fulfilment), reason="")
    api.reject_fulfilment(**keys(fulfilment), reason="damaged")
    moved = fresh(fulfilment)
    assert (moved.site, moved.status, moved.attention) == (far, "PENDING", "")
    assert StockLevel.objects.get(site=shop.warehouse).allocated == 0
    assert StockLevel.objects.get(site=far).allocated == 2
    declined = RoutingDecision.objects.get(occasion="reroute").record["candidates"]
    assert [shop.warehouse.code, None] in [[one["site"], one["rank"]] for one in declined]


def test_a_delivery_that_nobody_can_take_asks_headquarters(shop, two_sites, keys):
    fulfilment, _ = two_sites
    api.reject_fulfilment(**keys(fulfilment), reason="damaged")
    api.reject_fulfilment(**keys(fulfilment), reason="damaged too")
    assert fresh(fulfilment).attention == "no_candidate"
    assert fulfilment.order.seller_orders.get().status == "REJECTED"
    api.accept_fulfilment(**keys(fulfilment))
    assert fulfilment.order.seller_orders.get().status == "ACCEPTED"
    assert fresh(fulfilment).attention == ""


def test_an_accepted_delivery_is_not_rejected(shop, two_sites, keys):
    fulfilment, _ = two_sites
    api.accept_fulfilment(**keys(fulfilment))
    with pytest.raises(MoveNotAllowed):
        api.reject_fulfilment(**keys(fulfilment), reason="too late")
    assert fresh(fulfilment).site == shop.warehouse


def test_an_overdue_delivery_goes_to_the_next_site_and_then_asks_headquarters(shop, two_sites):
    fulfilment, far = two_sites
    assert api.reroute_overdue(now=shop.now + timedelta(hours=23)) == []
    assert api.reroute_overdue(now=shop.now + DAY) == [fulfilment.pk]
    assert fresh(fulfilment).site == far
    assert api.reroute_overdue(now=shop.now + DAY) == []
    assert api.reroute_overdue(now=shop.now + 2 * DAY) == [fulfilment.pk]
    assert (fresh(fulfilment).site, fresh(fulfilment).attention) == (far, "overdue")


def test_an_accepted_delivery_is_never_overdue(shop, two_sites, keys):
    fulfilment, _ = two_sites
    api.accept_fulfilment(**keys(fulfilment))
    assert api.reroute_overdue(now=shop.now + 2 * DAY) == []


def test_a_pickup_stays_with_the_store_the_buyer_chose(shop, pickup, keys):
    assert api.reroute_overdue(now=shop.now + DAY) == [pickup.pk]
    assert (fresh(pickup).store, fresh(pickup).attention) == (shop.store, "overdue")
    api.reject_fulfilment(**keys(pickup), reason="no room")
    assert (fresh(pickup).store, fresh(pickup).attention) == (shop.store, "no_candidate")


def test_a_rerouted_order_is_called_off_completely(shop, two_sites, keys):
    fulfilment, far = two_sites
    api.reject_fulfilment(**keys(fulfilment), reason="damaged")
    api.call_off(number=fulfilment.order.number, reason="x", by=None, now=shop.now)
    assert StockLevel.objects.get(site=far).allocated == 0
    assert StockLevel.objects.get(site=shop.warehouse).allocated == 0


def test_headquarters_offers_a_delivery_to_the_next_site(shop, two_sites):
    fulfilment, far = two_sites
    api.try_other_site(fulfilment_id=fulfilment.pk, by=None, now=shop.now)
    assert fresh(fulfilment).site == far
    with pytest.raises(MoveNotAllowed):
        api.try_other_site(fulfilment_id=fulfilment.pk, by=None, now=shop.now)
