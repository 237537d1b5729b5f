"""The pages where dealers and suppliers carry out orders."""

import pytest
from django.urls import reverse

from apps.accounts.api import Role
from apps.orders.api import Fulfilment, FulfilmentStatus, OrderStatus, pass_pdi


@pytest.fixture
def dealer(shop, sign_in):
    return sign_in(Role.DEALER_CLERK, shop.dealer)


@pytest.fixture
def supplier(shop, sign_in):
    return sign_in(Role.SUPPLIER, shop.supplier)


def press(client, side: str, fulfilment: Fulfilment, name: str, **values: str):
    """Press one button of the list and return the page that follows."""
    return client.post(reverse(f"{side}-home-move", args=[fulfilment.pk, name]), values, follow=True)


@pytest.fixture
def car_order(shop):
    """A car, paid in full, to be fetched at the dealer's store."""
    return shop.placed(shop.car(), method="pickup")


def test_a_dealer_walks_a_car_to_its_buyer(shop, dealer, car_order):
    fulfilment = car_order.fulfilments.get()
    for name in ("accept", "arrive"):
        assert "Done:" in press(dealer, "dealer", fulfilment, name).content.decode()
    # The checklist has a page of its own: see test_dealer_portal.py.
    pass_pdi(fulfilment_id=fulfilment.pk, organization_id=shop.dealer.pk, by=None, now=shop.now)
    press(dealer, "dealer", fulfilment, "ready")
    wrong = press(dealer, "dealer", fulfilment, "hand-over", code="000000")
    assert "The code is not right" in wrong.content.decode()

    press(dealer, "dealer", fulfilment, "hand-over", code=shop.code_of(fulfilment))

    fulfilment.refresh_from_db()
    assert fulfilment.status == FulfilmentStatus.HANDED_OVER
    assert shop.reload(car_order.number).status == OrderStatus.COMPLETED
    dealer.get(reverse("dealer-messages"))  # what is read no longer waits
    assert car_order.number not in dealer.get(reverse("dealer-home")).content.decode()
    assert car_order.number in dealer.get(reverse("dealer-orders") + "?show=done").content.decode()


def test_a_supplier_accepts_and_ships_a_parcel(shop, supplier):
    order = shop.placed(shop.part())
    fulfilment = order.fulfilments.get()

    press(supplier, "supplier", fulfilment, "accept")
    page = press(supplier, "supplier", fulfilment, "ship", carrier="顺丰", tracking_number="SF1")

    fulfilment.refresh_from_db()
    assert (fulfilment.status, fulfilment.tracking_number) == (FulfilmentStatus.SHIPPED, "SF1")
    assert page.status_code == 200


def test_the_list_offers_only_moves_that_are_possible_now(dealer, car_order):
    page = dealer.get(reverse("dealer-home")).content.decode()

    fulfilment = car_order.fulfilments.get()
    assert reverse("dealer-home-move", args=[fulfilment.pk, "accept"]) in page
    assert reverse("dealer-home-move", args=[fulfilment.pk, "hand-over"]) not in page


def test_a_move_out_of_turn_changes_nothing(dealer, car_order):
    fulfilment = car_order.fulfilments.get()

    press(dealer, "dealer", fulfilment, "ready")

    fulfilment.refresh_from_db()
    assert fulfilment.status == FulfilmentStatus.PENDING


@pytest.mark.parametrize("name", ["accept", "hand-over", "burn"])
def test_another_dealer_finds_nothing(sign_in, car_order, name):
    stranger = sign_in(Role.DEALER_MANAGER)
    fulfilment = car_order.fulfilments.get()

    answer = stranger.post(reverse("dealer-home-move", args=[fulfilment.pk, name]), {"code": "1"})

    assert answer.status_code == 404
    assert car_order.number not in stranger.get(reverse("dealer-home")).content.decode()
    fulfilment.refresh_from_db()
    assert fulfilment.status == FulfilmentStatus.PENDING


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.SUPPLIER, Role.HQ_OPERATOR])
def test_other_roles_are_refused(shop, sign_in, role):
    assert sign_in(role).get(reverse("dealer-home")).status_code == 403


@pytest.mark.parametrize("route", ["dealer-home", "supplier-home"])
def test_nobody_is_sent_to_the_one_door(client, db, route):
    answer = client.get(reverse(route))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
