"""PUT /api/v1/supplier/stock/{sku}/"""

import pytest
from rest_framework.test import APIClient

from apps.accounts.api import Role
from apps.inventory.api import Demand, Movement, StockLevel, reserve
from tests.factories.accounts import make_member
from tests.factories.catalog import make_offer, make_part
from tests.factories.dealers import make_supplier
from tests.factories.orders import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_factor(settings) -> None:
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def supplier():
    return make_supplier().organization


@pytest.fixture
def site(supplier):
    return make_site(supplier)


@pytest.fixture
def offer(supplier, site):
    return make_offer(product=make_part(stock=0), stock=0, organization=supplier, site_code=site.code)


@pytest.fixture
def api(supplier) -> APIClient:
    client = APIClient()
    client.force_authenticate(make_member(Role.SUPPLIER, supplier))
    return client


def count(api, sku: str, body: object, key: str | None = "k1"):
    headers = {"Idempotency-Key": key} if key else {}
    return api.put(f"/api/v1/supplier/stock/{sku}/", body, format="json", headers=headers)


def test_a_count_answers_with_the_figures_and_shows_in_the_shop(api, offer, site):
    answer = count(api, offer.sku, {"site": site.code, "on_hand": 7})

    assert answer.status_code == 200
    assert answer.json() == {
        "sku": offer.sku, "site": site.code, "on_hand": 7, "reserved": 0, "allocated": 0, "available": 7,
    }  # fmt: skip
    offer.stock_record.refresh_from_db()
    assert (offer.stock_record.num_in_stock, offer.stock_record.num_allocated) == (7, 0)


def test_the_same_key_is_answered_once(api, offer, site):
    first = count(api, offer.sku, {"site": site.code, "on_hand": 7})
    count(api, offer.sku, {"site": site.code, "on_hand": 9}, key="k2")

    again = count(api, offer.sku, {"site": site.code, "on_hand": 7})

    assert again.json() == first.json()
    assert StockLevel.objects.get().on_hand == 9


def test_the_same_key_with_another_count_is_refused(api, offer, site):
    count(api, offer.sku, {"site": site.code, "on_hand": 7})

    answer = count(api, offer.sku, {"site": site.code, "on_hand": 8})

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert StockLevel.objects.get().on_hand == 7


def test_refuses_a_count_below_what_is_promised(api, offer, site, now):
    count(api, offer.sku, {"site": site.code, "on_hand": 5})
    demand = Demand(line_ref="1", product_id=offer.product_id, quantity=3, site_codes=(site.code,))
    reserve(cause="A", demands=[demand], expires_at=now, by=None, now=now)

    answer = count(api, offer.sku, {"site": site.code, "on_hand": 2}, key="k2")

    assert (answer.status_code, answer.json()["code"]) == (409, "stock_below_promised")
    assert Movement.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ({"site": "x"}, 400),
        ({"site": "nowhere", "on_hand": 1}, 422),
        ({"site": "a\x00b", "on_hand": 1}, 400),
        ({"on_hand": -1}, 400),
        ({"on_hand": 10**9}, 400),
        ({"on_hand": "many"}, 400),
        ({"on_hand": True}, 400),
    ],
)
def test_refuses_what_is_no_count(api, offer, site, body, status):
    if isinstance(body, dict) and "on_hand" in body:
        body = {"site": site.code, **body}

    answer = count(api, offer.sku, body)

    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message", "fields", "context"}
    assert not Movement.objects.exists()


def test_another_suppliers_offer_and_site_are_not_found(api, offer, site):
    other = make_supplier().organization
    theirs = make_offer(product=make_part(stock=0), stock=0, organization=other)
    their_site = make_site(other)

    assert count(api, theirs.sku, {"site": site.code, "on_hand": 1}).status_code == 404
    assert count(api, offer.sku, {"site": their_site.code, "on_hand": 1}, key="k2").status_code == 422
    assert not Movement.objects.exists()


def test_asks_for_a_key(api, offer, site):
    answer = count(api, offer.sku, {"site": site.code, "on_hand": 1}, key=None)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.CONSUMER, 403), (Role.DEALER_MANAGER, 403)])
def test_others_may_not(offer, site, role, status):
    client = APIClient()
    if role:
        client.force_authenticate(make_member(role))

    assert count(client, offer.sku, {"site": site.code, "on_hand": 1}).status_code == status
    assert not Movement.objects.exists()
