"""The demo's cars: one waits for its handover appointment, another shows what the store saw of it."""

import pytest
from django.test import Client

from apps.accounts.api import Role
from apps.financing.api import TradeIn, load_trade_in_tables
from apps.orders import api as orders
from apps.payments.api import Payment
from apps.portals.staff.demo_finance import CLERK, load_trade_ins
from apps.portals.staff.demo_handovers import load_waiting_handover
from apps.scheduling.api import ResourceKind, list_resources
from tests.architecture.reference_data import FILES
from tests.factories.accounts import make_member, make_user
from tests.factories.dealers import make_store
from tests.factories.handovers import make_area
from tests.factories.orders import Shop


@pytest.fixture
def shop(db, gateway, now) -> Shop:
    return Shop(now=now, gateway=gateway)


@pytest.fixture
def hq(db, settings):
    settings.MFA_REQUIRED_ROLES = []
    client = Client()
    client.force_login(make_member(Role.HQ_OPERATOR), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_a_car_waits_at_its_store_for_an_appointment_that_its_buyer_may_choose(shop, client, settings, now):
    make_area(shop.store)
    buyer = make_user(email="buyer@demo.example", phone="13900002222")
    clerk = make_member(Role.DEALER_CLERK, shop.dealer)
    trim = shop.car().trim
    row = {"buyer": buyer.email, "trim": trim.code, "store": shop.store.code, "clerk": clerk.email}
    for _ in range(2):
        assert load_waiting_handover({"waiting": [row]}, now=now) == 1

    order = orders.CustomerOrder.objects.get(user=buyer)
    found = order.fulfilments.get()
    assert (order.paid, found.status, found.store) == (order.total, "ARRIVED", shop.store)
    assert sorted(Payment.objects.values_list("provider", "status")) == [
        ("lender", "CAPTURED"),
        ("wechatpay", "CLOSED"),
    ]
    client.force_login(buyer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    here = f"/orders/{order.number}/handovers/{found.pk}/"
    assert here in client.get(f"/orders/{order.number}/").content.decode()
    assert client.get(here).status_code == 200
    assert list_resources(kind=ResourceKind.HANDOVER, store_id=shop.store.pk).count() == 1


def test_an_inspected_car_has_pictures_that_its_dealer_and_headquarters_see(hq, client, settings, now):
    data = FILES["trade_ins"]
    load_trade_in_tables(data, now=now)
    for number, email in enumerate(sorted({row["owner"] for row in data["cars"]})):
        make_user(email=email, phone=f"1990000000{number}")
    store = make_store(code="ST-SHANGHAI-PUDONG")
    clerk = make_member(Role.DEALER_CLERK, store.dealer.organization)
    clerk.email = CLERK
    clerk.save()
    load_trade_ins(data, now=now)

    found = TradeIn.objects.get(status="INSPECTED")
    kinds = {"FRONT", "REAR", "RIGHT", "INTERIOR", "DAMAGE", "ODOMETER"}
    assert set(found.photos.values_list("shows", flat=True)) == kinds
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    at_dealer = client.get(f"/dealer/trade-ins/{found.number}/").content.decode()
    at_headquarters = hq.get(f"/admin/financing/tradein/{found.pk}/change/").content.decode()
    for page in (at_dealer, at_headquarters):
        assert page.count('width="160" height="120"') == len(kinds)
    address = at_headquarters.split('<img src="')[1].split('"')[0]
    assert hq.get(address).status_code == 200
    # Links are made for one viewer.
    assert client.get(address).status_code != 200
