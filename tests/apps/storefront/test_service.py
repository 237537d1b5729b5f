"""One's cars, packages and visits in the shop: three steps to an appointment, and answers to what was found."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from apps.aftersales import api
from apps.kernel.api import outbox
from apps.payments.api import query_payment
from tests.factories.accounts import make_user
from tests.factories.aftersales import (
    book_visit,
    make_entitlement,
    make_item,
    make_owner,
    make_vehicle,
    make_workshop,
    next_time,
)
from tests.factories.dealers import make_store
from tests.factories.payments import FakeGateway, using_fake

pytestmark = pytest.mark.django_db
CARS, VISITS = "/account/vehicles/", "/account/service/"


@pytest.fixture
def owner():
    return make_owner(display_name="王小明")


@pytest.fixture
def client(owner, settings):
    client = Client()
    client.force_login(owner, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def store():
    store = make_store()
    make_workshop(store)
    return store


@pytest.fixture
def vehicle(owner):
    return make_vehicle(owner=owner, now=timezone.now())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_are_shown_without_and_with_something(client, owner, store, language):
    pages = [CARS, VISITS, f"{CARS}take-over/"]
    for page in pages:
        assert client.get(page, headers={"Accept-Language": language}).status_code == 200
    visit = book_visit(store, member=owner, now=timezone.now())
    make_entitlement(holder=owner, vehicle=visit.vehicle, now=timezone.now())
    make_entitlement(holder=owner, now=timezone.now())
    more = [
        f"{CARS}{visit.vehicle_id}/",
        f"{VISITS}{visit.reference}/",
        f"{VISITS}{visit.reference}/move/",
        f"/service/{visit.vehicle_id}/",
        f"/service/{visit.vehicle_id}/stores/?work=OIL-SERVICE",
        f"/service/{visit.vehicle_id}/stores/{store.code}/?work=OIL-SERVICE",
    ]
    for page in pages + more:
        assert client.get(page, headers={"Accept-Language": language}).status_code == 200, page


def test_three_steps_book_a_bay_and_hold_the_package(client, owner, store, vehicle):
    make_item("OIL-SERVICE")
    line = make_entitlement(holder=owner, vehicle=vehicle, now=timezone.now()).lines.get()
    first = client.get(f"/service/{vehicle.pk}/").content.decode()
    assert f'value="OIL-SERVICE:{line.pk}"' in first
    query = f"work=OIL-SERVICE%3A{line.pk}"
    second = client.get(f"/service/{vehicle.pk}/stores/?{query}").content.decode()
    assert f"/service/{vehicle.pk}/stores/{store.code}/?{query}" in second
    at = int(next_time(store, minutes=45, now=timezone.now()).timestamp())

    answer = client.post(f"/service/{vehicle.pk}/stores/{store.code}/?{query}", {"at": at, "words": "有异响"})

    visit = api.ServiceVisit.objects.get(member=owner)
    assert answer["Location"] == f"{VISITS}{visit.reference}/"
    assert (visit.wish, visit.lines.get().payer, int(visit.starts_at.timestamp())) == ("有异响", "PACKAGE", at)
    calendar = client.get(f"{VISITS}{visit.reference}/calendar.ics")
    assert b"BEGIN:VEVENT" in calendar.content


def test_a_taken_time_is_refused_and_the_choice_stays(client, store, vehicle):
    make_item("OIL-SERVICE")
    begins = next_time(store, minutes=45, now=timezone.now())
    book_visit(store, member=make_owner(), starts_at=begins, now=timezone.now())

    page = f"/service/{vehicle.pk}/stores/{store.code}/?work=OIL-SERVICE"
    answer = client.post(page, {"at": int(begins.timestamp())})

    assert answer["Location"].endswith("?work=OIL-SERVICE")
    assert api.ServiceVisit.objects.filter(store=store).count() == 1


@pytest.mark.parametrize(
    "query", ["", "?work=NONSENSE", "?work=OIL-SERVICE:99999999999999999999", "?recall=x", "?plan=1"]
)
def test_nothing_chosen_leads_back_to_the_choice(client, vehicle, store, query):
    for page in (f"/service/{vehicle.pk}/stores/", f"/service/{vehicle.pk}/stores/{store.code}/"):
        answer = client.get(f"{page}{query}")
        assert answer.status_code == 302 or "OIL-SERVICE" in query


@pytest.mark.parametrize("at", ["", "x", "0", "99999999999"])
def test_a_time_that_is_none_is_not_found(client, vehicle, store, at):
    make_item("OIL-SERVICE")

    page = f"/service/{vehicle.pk}/stores/{store.code}/?work=OIL-SERVICE"
    assert client.post(page, {"at": at}).status_code == 404
    assert not api.ServiceVisit.objects.filter(store=store).exists()


def test_a_car_is_added_by_its_number_and_wrong_ones_are_said(client, owner):
    known = make_vehicle(now=timezone.now())
    for vin in ("", "LXC", "1M8GDM9AXKP042788"):
        answer = client.post(CARS, {"vin": vin})
        assert (answer.status_code, 'id="errors"' in answer.content.decode()) == (422, True)

    assert client.post(CARS, {"vin": known.vin})["Location"] == f"{CARS}{known.pk}/"
    page = client.get(f"{CARS}{known.pk}/").content.decode()
    assert known.vin not in page


def test_a_car_is_passed_on_by_page(client, owner, vehicle, settings):
    page = client.post(f"{CARS}{vehicle.pk}/transfer/").content.decode()
    code = page.split('class="service-code numeric">')[1].split("<")[0]
    heir = Client()
    heir.force_login(make_owner(), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert heir.post(f"{CARS}take-over/", {"vin": vehicle.vin, "code": "WRONGONE"}).status_code == 422

    assert heir.post(f"{CARS}take-over/", {"vin": vehicle.vin, "code": code}).status_code == 302
    assert client.get(f"{CARS}{vehicle.pk}/").status_code == 404


def test_extra_work_is_answered_on_the_page(client, owner, store):
    now = timezone.now()
    visit = book_visit(store, member=owner, now=now)
    keys = {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": make_user(), "now": now}
    api.check_in(**keys, kilometres=12_500)
    finding = api.add_finding(**keys, text="刹车片 2 毫米", urgency="NOW")
    api.propose_work(**keys, finding_id=finding.pk, labour=Decimal(200))
    address = f"{VISITS}{visit.reference}/answer/{finding.pk}/"
    assert address in client.get(f"{VISITS}{visit.reference}/").content.decode()

    assert client.post(address, {"answer": "approve"}).status_code == 302
    assert client.post(address, {"answer": "decline"}).status_code == 302
    finding.refresh_from_db()
    assert finding.status == "APPROVED"
    assert "380" in client.get(f"{VISITS}{visit.reference}/").content.decode()


def test_the_bill_is_paid_online_by_page(client, owner, store):
    now = timezone.now()
    visit = book_visit(store, member=owner, now=now)
    keys = {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": make_user(), "now": now}
    page, pay = f"{VISITS}{visit.reference}/", f"{VISITS}{visit.reference}/pay/"
    assert client.get(pay)["Location"] == page
    api.check_in(**keys, kilometres=12_500)
    api.finish_work(**keys)
    assert f'action="{pay}"' in client.get(page).content.decode()
    gateway = FakeGateway()
    with using_fake(gateway, "alipay"):
        assert client.post(pay, {"provider": "nobody"})["Location"] == page
        assert client.post(pay, {"provider": "alipay"})["Location"] == pay
        shown = client.get(pay).content.decode()
        payment = api.get_bill_payment(visit, now=now)
        assert payment.action.url in shown
        assert b"hx-get" in client.get(pay, headers={"HX-Request": "true"}).content
        gateway.pay(payment.number)
        query_payment(payment_number=payment.number, now=now + timedelta(minutes=1))
        assert payment.action.url not in client.get(pay).content.decode()
        outbox.drain(now=now + timedelta(minutes=2), strict=True)

    assert client.get(pay, headers={"HX-Request": "true"})["HX-Redirect"] == page
    assert api.ServiceVisit.objects.get(pk=visit.pk).status == "PAID"


def test_times_on_the_car_s_page_are_those_of_the_store(client, owner):
    store = make_store(time_zone="Asia/Urumqi")
    make_workshop(store)
    visit = book_visit(store, member=owner, now=timezone.now())

    page = client.get(f"{CARS}{visit.vehicle_id}/").content.decode()

    assert f"{visit.starts_at.astimezone(ZoneInfo('Asia/Urumqi')):%Y-%m-%d %H:%M}" in page


def test_is_moved_and_cancelled_by_page(client, owner, store):
    now = timezone.now()
    visit = book_visit(store, member=owner, now=now)
    later = visit.starts_at + timedelta(hours=2)

    client.post(f"{VISITS}{visit.reference}/move/", {"at": int(later.timestamp())})
    assert api.ServiceVisit.objects.get(member=owner).starts_at == later
    client.post(f"{VISITS}{visit.reference}/cancel/", {"reason": "出差\x00"})
    assert api.ServiceVisit.objects.get(member=owner).status == "CANCELLED"
    assert client.post(f"{VISITS}{visit.reference}/cancel/").status_code == 302


def test_packages_are_bound_and_given_back_by_page(client, owner, vehicle):
    package = make_entitlement(holder=owner, now=timezone.now())
    page = f"/account/packages/{package.reference}/"
    for wrong in ("", "x", "999999999", "9" * 30):
        assert client.post(f"{page}bind/", {"vehicle": wrong}).status_code == 404

    client.post(f"{page}bind/", {"vehicle": vehicle.pk})
    package.refresh_from_db()
    assert package.vehicle == vehicle
    client.post(f"{page}refund/")
    package.refresh_from_db()
    assert (package.status, package.refund) == ("REFUNDED", 1000)


def test_somebody_else_s_things_are_not_found(client, store):
    other = make_owner()
    visit = book_visit(store, member=other, now=timezone.now())
    package = make_entitlement(holder=other, now=timezone.now())

    for page in (f"{CARS}{visit.vehicle_id}/", f"{VISITS}{visit.reference}/", f"/service/{visit.vehicle_id}/"):
        assert client.get(page).status_code == 404
    for page in (
        f"{CARS}{visit.vehicle_id}/transfer/",
        f"{CARS}{visit.vehicle_id}/remove/",
        f"/account/packages/{package.reference}/refund/",
        f"{VISITS}{visit.reference}/cancel/",
        f"{VISITS}{visit.reference}/answer/1/",
    ):
        assert client.post(page).status_code == 404


def test_the_api_lists_what_is_left(client, owner, vehicle, store):
    package = make_entitlement(holder=owner, vehicle=vehicle, now=timezone.now())
    make_entitlement(holder=make_owner(), now=timezone.now())
    line = package.lines.get()
    make_item("OIL-SERVICE")
    wish = [api.Wish(code="OIL-SERVICE", entitlement_line_id=line.pk)]
    book_visit(store, member=owner, vehicle=vehicle, services=wish, now=timezone.now())

    body = client.get("/api/v1/me/entitlements/").json()

    assert body["count"] == 1
    found = body["results"][0]
    assert (found["reference"], found["paid"]) == (package.reference, {"amount": "1000.00", "currency": "CNY"})
    assert found["services"][0] == {
        "id": line.pk,
        "service": "OIL-SERVICE",
        "name": "机油机滤更换",
        "count": 5,
        "redeemed": 0,
        "held": 1,
        "left": 4,
    }
    assert Client().get("/api/v1/me/entitlements/").status_code in (401, 403)
