"""Demonstration cars are units of the inventory: registered once, never for sale, never somebody's order."""

import pytest

from apps.dealers.api import Store
from apps.inventory.api import Site, Unit, assign_unit, check_levels, demonstrate_unit, receive_unit, reserve
from apps.inventory.errors import InvalidVin, NoFreeUnit, StockBelowPromised, UnitElsewhere, UnknownSite
from apps.inventory.states import SiteKind
from apps.kernel.api import MoveNotAllowed, StatusChange
from tests.factories.dealers import make_store
from tests.factories.orders import make_site, make_vin

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def site(store) -> Site:
    return make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)


@pytest.fixture
def car(make_product):
    return make_product()


def demonstrate(vin, car, store, now) -> Unit:
    return demonstrate_unit(vin=vin, product_id=car.pk, store_id=store.pk, by=None, now=now)


def test_a_new_car_is_one_from_the_start_and_in_no_figure(car, store, site, figures, now):
    unit = demonstrate(make_vin(), car, store, now)

    assert (unit.status, unit.site) == ("DEMO", site)
    assert figures(car) == {}
    assert StatusChange.objects.filter(lifecycle="inventory.unit", object_id=str(unit.pk)).count() == 1
    with pytest.raises(NoFreeUnit):
        assign_unit(product_id=car.pk, cause="o:1", option_codes=[], by=None, now=now)


def test_a_car_of_the_own_stock_leaves_what_is_for_sale_once(car, store, site, figures, now):
    vins = [make_vin(), make_vin()]
    for vin in vins:
        receive_unit(vin=vin, product_id=car.pk, site_code=site.code, by=None, now=now)

    for _ in range(2):
        demonstrate(vins[0], car, store, now)

    assert figures(car) == {site.code: (1, 0, 0)}
    assert check_levels() == []
    assert assign_unit(product_id=car.pk, cause="o:1", option_codes=[], by=None, now=now).vin == vins[1]


def test_a_car_that_is_promised_or_stands_elsewhere_is_refused(car, store, site, make_product, figures, now):
    promised, elsewhere = make_vin(), make_vin()
    receive_unit(vin=promised, product_id=car.pk, site_code=site.code, by=None, now=now)
    assign_unit(product_id=car.pk, cause="o:1", option_codes=[], by=None, now=now)
    other = make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE)
    receive_unit(vin=elsewhere, product_id=car.pk, site_code=other.code, by=None, now=now)
    before = figures(car)

    for vin, wanted, error in (
        (promised, car, MoveNotAllowed),
        (elsewhere, car, UnitElsewhere),
        (promised, make_product(), UnitElsewhere),
        ("LXC00000000000000", car, InvalidVin),
    ):
        with pytest.raises(error):
            demonstrate(vin, wanted, store, now)

    assert figures(car) == before
    assert not Unit.objects.filter(status="DEMO").exists()


def test_a_store_without_a_stockroom_has_none(car, store, now):
    with pytest.raises(UnknownSite):
        demonstrate(make_vin(), car, store, now)

    assert not Unit.objects.exists()


def test_the_last_piece_that_somebody_was_promised_stays_for_sale(car, store, site, demand, expires_at, now):
    vin = make_vin()
    receive_unit(vin=vin, product_id=car.pk, site_code=site.code, by=None, now=now)
    reserve(cause="A", demands=[demand(car, 1, site.code)], expires_at=expires_at, by=None, now=now)

    with pytest.raises(StockBelowPromised):
        demonstrate(vin, car, store, now)
    assert Unit.objects.get().status == "AT_DEALER"
