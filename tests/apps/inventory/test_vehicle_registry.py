"""Which cars were built, as membership asks it (port ``membership.vehicles``), and what lies at stores."""

import pytest

from apps.inventory.adapters import VehicleRegistry
from apps.inventory.api import receive_unit, stock_at_stores
from apps.inventory.states import SiteKind
from tests.factories.catalog import make_part, make_trim
from tests.factories.dealers import make_store
from tests.factories.orders import make_site, make_vin, put_on_shelf

pytestmark = pytest.mark.django_db


def test_a_vin_leads_to_its_trim(now):
    store = make_store()
    site = make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)
    trim, vin = make_trim(), make_vin()
    receive_unit(vin=vin, product_id=trim.product_id, site_code=site.code, by=None, now=now)

    assert VehicleRegistry().product_of(vin) == trim.product_id
    assert VehicleRegistry().product_of(make_vin()) is None


@pytest.mark.parametrize(
    ("vin", "is_one"),
    [("LXCA1ER17TZ001001", True), ("LXCA1ER17TZ001002", False), ("LXCA1ER17TZ00100I", False), ("", False)],
)
def test_a_vin_has_the_right_check_digit(vin, is_one):
    assert VehicleRegistry().is_vin(vin) is is_one


def test_stock_at_stores_leaves_out_warehouses_and_closed_stores(now, django_assert_num_queries):
    part = make_part(stock=0)
    open_store, closed, empty = make_store(), make_store(is_open=False), make_store()
    for store, pieces in ((open_store, 4), (closed, 5), (empty, 0)):
        site = make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)
        if pieces:
            put_on_shelf(part, site, pieces, now=now)
    put_on_shelf(part, make_site(open_store.dealer.organization), 9, now=now)

    with django_assert_num_queries(1):
        found = [(store.code, store.dealer.code, pieces) for store, pieces in stock_at_stores(part.pk)]

    assert found == [(open_store.code, open_store.dealer.code, 4)]
