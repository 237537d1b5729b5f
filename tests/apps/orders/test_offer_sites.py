"""An offer ships from its sites: pieces that its seller keeps elsewhere are nobody's to reserve."""

import pytest

from apps.catalog.api import put_offer
from apps.inventory.api import Reservation
from apps.inventory.errors import OutOfStock
from apps.kernel.api import Money
from apps.orders import api
from apps.orders.models import RoutingDecision
from apps.orders.selectors.sites import list_stock_sites
from tests.factories.orders import make_site, put_on_shelf

pytestmark = pytest.mark.django_db
NEAR, FAR = (31.23, 121.47), (39.90, 116.41)


@pytest.fixture
def world(shop):
    """A part in two sites of its seller: two pieces far away, which the offer names, nine near, which it does not."""
    far = make_site(shop.supplier, place=FAR)
    near = make_site(shop.supplier, place=NEAR)
    part = shop.part(stock=0, site=far)
    put_on_shelf(part, far, 2, now=shop.now)
    put_on_shelf(part, near, 9, now=shop.now, is_offered=False)
    return part, far, near


def name_sites(shop, part, first, *more):
    offer = part.offers.get()
    put_offer(
        sku=offer.sku,
        organization_id=shop.supplier.pk,
        product_id=part.pk,
        price=Money.of("120.00"),
        lead_time_days=offer.lead_time_days,
        site=first.code,
        more_sites=[site.code for site in more],
        by=None,
        now=shop.now,
    )


def places():
    return dict(Reservation.objects.values_list("level__site__code", "quantity"))


def test_a_line_is_reserved_where_the_offer_ships_from_though_another_site_is_nearer(shop, world):
    part, far, near = world

    shop.order((part, 2))

    assert places() == {far.code: 2}
    told = {row["site"]: row for row in RoutingDecision.objects.get().record["candidates"]}
    assert told[near.code]["rank"] is None
    assert dict(told[near.code]["reasons"]) == {"offer_sites": "the offer does not ship from here"}


def test_what_lies_elsewhere_cannot_be_promised(shop, world):
    part, _far, _near = world
    ref = shop.cart((part, 3))
    assert not api.get_cart(ref, now=shop.now).lines[0].available
    with pytest.raises(OutOfStock):
        shop.check_out(ref)
    assert not Reservation.objects.exists()


def test_once_the_offer_names_it_the_nearer_site_serves(shop, world):
    """The control: it is the offer's own choice that kept the site out."""
    part, far, near = world
    name_sites(shop, part, far, near)

    shop.order((part, 3))

    assert places() == {near.code: 3}


def test_pieces_of_the_offer_with_a_dealer_stay_in_reach(shop, gateway):
    """Which dealers keep its cars is not the seller's site set to say."""
    car = shop.car(stock=1)
    record = car.stockrecords.get()
    at_dealer = make_site(shop.dealer, place=NEAR)
    put_on_shelf(car, at_dealer, 1, now=shop.now, is_offered=False)

    found = {site.code: site.is_offered for site in list_stock_sites({car.pk: record.pk})[car.pk]}
    assert found == {shop.plant.code: True, at_dealer.code: True}
