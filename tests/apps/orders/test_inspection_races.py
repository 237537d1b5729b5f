"""Two clerks at one car, with real threads; and a control without the order's lock."""

import threading

import pytest

from apps.orders import api
from apps.orders.models import CustomerOrder, Inspection, InspectionItem
from apps.orders.services import fulfilments, inspections
from tests.factories.orders import Shop
from tests.races import race

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture
def arrived(transactional_db, gateway, now):
    """A car at the store, and who acts on it."""
    shop = Shop(now=now, gateway=gateway)
    fulfilment = shop.placed(shop.car(), method="pickup").fulfilments.get()
    keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": now}
    api.accept_fulfilment(**keys)
    api.mark_arrived(**keys)
    return keys


def test_two_who_open_at_once_get_one_inspection(arrived):
    first, second = race(*(lambda: api.open_inspections(**arrived)[0].pk for _ in range(2)))

    assert first == second
    assert Inspection.objects.count() == 1


def test_control_without_the_order_s_lock_one_dies_of_the_constraint(arrived, monkeypatch):
    gate = threading.Barrier(2)
    write = inspections._write

    def write_together(*args, **values):
        gate.wait(timeout=20)
        return write(*args, **values)

    monkeypatch.setattr(fulfilments, "lock_order_by_id", lambda pk: CustomerOrder.objects.get(pk=pk))
    monkeypatch.setattr(inspections, "_write", write_together)

    results = race(*(lambda: api.open_inspections(**arrived)[0].pk for _ in range(2)), keeps_errors=True)

    assert sum(isinstance(result, Exception) for result in results) == 1


def test_two_who_sign_at_once_pass_the_car_once(arrived):
    inspection = api.open_inspections(**arrived)[0]
    InspectionItem.objects.filter(inspection=inspection).update(result="ok", needs_photo=False)
    keys = {name: arrived[name] for name in ("organization_id", "by", "now")}

    results = race(
        *(
            lambda name=name: api.sign_inspection(inspection_id=inspection.pk, name=name, **keys).status
            for name in ("李工", "王工")
        )
    )

    assert sorted(results) == ["PDI_PASSED", "move_not_allowed"]
    assert api.OrderEvent.objects.filter(code="pdi_passed").count() == 1


def test_a_report_and_a_signature_at_once_pass_the_car_once(arrived):
    inspection = api.open_inspections(**arrived)[0]
    InspectionItem.objects.filter(inspection=inspection).update(result="ok", needs_photo=False)
    keys = {name: arrived[name] for name in ("organization_id", "by", "now")}

    results = race(
        lambda: api.sign_inspection(inspection_id=inspection.pk, name="李工", **keys).status,
        lambda: api.pass_pdi(**arrived).status,
    )

    assert sorted(results) == ["PDI_PASSED", "move_not_allowed"]
