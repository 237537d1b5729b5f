"""Packages: granted by orders, bound to a car, redeemed, given back."""

from datetime import date, timedelta

import pytest

from apps.accounts.api import User
from apps.aftersales import api
from apps.dealers.api import Authorization
from apps.kernel.api import DomainError, OutboxEvent
from apps.orders import api as orders
from apps.payments.api import Refund
from tests.factories.aftersales import make_entitlement, make_owner, make_vehicle
from tests.factories.catalog import make_fitment, make_trim
from tests.factories.orders import Shop
from tests.factories.payments import FakeGateway, using_fake


@pytest.fixture
def package(owner, vehicle, now) -> api.Entitlement:
    return make_entitlement(holder=owner, vehicle=vehicle, now=now)


@pytest.fixture
def redeem(package, vehicle, store, now):
    def make(cause="work:1", **changes):
        values = {"line_id": package.lines.get().pk, "vehicle": vehicle, "store": store, "cause": cause, "by": None}
        return api.redeem(**{**values, "now": now, **changes})

    return make


def test_lasts_from_its_day_for_its_months_and_kilometres(package, vehicle):
    assert (package.valid_from, package.valid_until) == (date(2026, 6, 10), date(2028, 6, 10))
    assert package.km_until == vehicle.kilometres + 40_000


def test_each_redemption_is_worth_its_share_and_is_told(redeem, store):
    first = redeem()

    assert (first.number, first.of, first.value, first.store) == (1, 5, 200, store)
    fact = OutboxEvent.objects.get(name="aftersales.package_redeemed.v1").payload
    assert (fact["organization_id"], fact["value"]) == (store.dealer.organization_id, "200.00")


def test_any_authorized_dealer_serves_and_no_other(redeem, store):
    Authorization.objects.all().delete()

    with pytest.raises(DomainError) as refusal:
        redeem()
    assert refusal.value.code == "dealer_not_authorized"
    assert not api.Redemption.objects.exists()


@pytest.mark.parametrize("late", [timedelta(days=732), timedelta(days=-1)])
def test_a_package_outside_its_days_is_refused(redeem, now, late):
    with pytest.raises(api.EntitlementExpired):
        redeem(now=now + late)
    assert not api.Redemption.objects.exists()


def test_a_car_that_went_too_far_is_refused(redeem, vehicle):
    vehicle.kilometres = 52_001

    with pytest.raises(api.EntitlementExpired):
        redeem()


def test_another_car_is_refused(redeem, owner, now):
    with pytest.raises(api.EntitlementOfOtherCar):
        redeem(vehicle=make_vehicle(owner=owner, now=now))


def test_a_package_of_another_model_cannot_be_bound(owner, vehicle, now):
    loose = make_entitlement(holder=owner, now=now)
    make_fitment(loose.product, make_trim())

    with pytest.raises(api.EntitlementOfOtherCar):
        api.bind_package(reference=loose.reference, vehicle_id=vehicle.pk, by=owner, now=now)
    loose.refresh_from_db()
    assert loose.vehicle is None


def test_is_bound_once_and_by_its_holder(owner, vehicle, now):
    loose = make_entitlement(holder=owner, now=now)
    with pytest.raises(api.EntitlementNotFound):
        api.bind_package(reference=loose.reference, vehicle_id=vehicle.pk, by=make_owner(), now=now)

    assert api.bind_package(reference=loose.reference, vehicle_id=vehicle.pk, by=owner, now=now).vehicle == vehicle
    other = make_vehicle(owner=owner, now=now)
    with pytest.raises(api.EntitlementOfOtherCar):
        api.bind_package(reference=loose.reference, vehicle_id=other.pk, by=owner, now=now)


def test_gives_back_the_shares_that_were_not_rendered(redeem, package, owner, now):
    redeem()

    back = api.refund_package(reference=package.reference, by=owner, now=now)

    assert (back.status, back.refund) == ("REFUNDED", 800)
    with pytest.raises(api.EntitlementNotActive):
        redeem("work:2")
    with pytest.raises(DomainError):
        api.refund_package(reference=package.reference, by=owner, now=now)
    assert OutboxEvent.objects.filter(name="aftersales.package_refunded.v1").count() == 1


def test_what_is_used_up_or_over_is_not_paid_back(redeem, package, owner, now):
    for number in range(5):
        redeem(f"work:{number}")

    with pytest.raises(api.NotRefundable):
        api.refund_package(reference=package.reference, by=owner, now=now)
    package.refresh_from_db()
    assert package.status == "ACTIVE"


def test_a_package_that_a_visit_counts_on_is_not_given_back(book, package, owner, now, item):
    book(services=[api.Wish(code=item.code, entitlement_line_id=package.lines.get().pk)])

    with pytest.raises(api.EntitlementUsedUp):
        api.refund_package(reference=package.reference, by=owner, now=now)


@pytest.fixture
def shop(db, now, settings):
    settings.MFA_REQUIRED_ROLES = []
    gateway = FakeGateway()
    with using_fake(gateway, "wechatpay"), using_fake(gateway, "alipay"), using_fake(gateway, "stripe"):
        yield Shop(now=now, gateway=gateway)


def test_a_paid_package_can_be_used_and_is_paid_back_through_its_order(shop, owner, now):
    order = shop.placed((shop.package(price="1999.00"), 2), user=owner)

    granted = list(api.list_own_entitlements(owner))
    assert [(one.paid, one.order_number) for one in granted] == [(1999, order.number)] * 2
    assert [line.count for one in granted for line in one.lines.all()] == [4, 4]
    api.refund_package(reference=granted[0].reference, by=owner, now=now)
    assert Refund.objects.get().amount == 1999


def test_a_car_that_is_handed_over_is_its_buyer_s_and_facts_told_twice_change_nothing(shop, owner, now):
    order = shop.placed(shop.car(), shop.package(), user=owner, method="pickup")
    fulfilment = order.fulfilments.get(has_vehicle=True)
    shop.walk_to_ready(fulfilment)
    orders.hand_over(
        fulfilment_id=fulfilment.pk,
        organization_id=shop.dealer.pk,
        code=shop.code_of(fulfilment),
        by=None,
        now=now,
    )
    shop.drain()
    for one in order.fulfilments.all():
        api.take_from_fulfilment(fulfilment_id=one.pk, now=now)

    own = api.list_own_vehicles(owner).get()
    assert (own.is_verified, own.origin, own.vehicle.order_number) == (True, "HANDOVER", order.number)
    assert own.vehicle.in_service_on == now.date()
    assert api.list_own_entitlements(owner).get().vehicle == own.vehicle
    assert User.objects.filter(vehicles__vehicle=own.vehicle).count() == 1
