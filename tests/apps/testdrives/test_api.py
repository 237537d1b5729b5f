"""The API of test drives over HTTP, as the contract has it."""

import json
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role, create_api_key
from apps.testdrives.api import TestDrive
from tests.factories.accounts import make_member
from tests.factories.testdrives import book_drive, make_demo_car, make_driver, next_slot

numbers = count(1)
SLOTS, DRIVES, DEALER = "/api/v1/test-drives/slots/", "/api/v1/test-drives/", "/api/v1/dealer/test-drives/"
LICENCE = {"class": "C1", "expires_on": "2036-01-01"}


def client_of(person):
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def post(client, path, body=None, **headers):
    return client.post(path, json.dumps(body or {}), content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def _password_is_enough(settings):
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def car(db):
    return make_demo_car()


@pytest.fixture
def driver(db):
    return make_driver()


@pytest.fixture
def booked(car, driver):
    def book(client=None, key=None, **changes):
        body = {
            "product_id": car.trim.product_id,
            "store_id": car.store_id,
            "starts_at": next_slot(car, now=timezone.now()).isoformat(),
            "licence": LICENCE,
            "agree": True,
        }
        return post(
            client or client_of(driver), DRIVES, {**body, **changes}, **{"Idempotency-Key": key or f"k{next(numbers)}"}
        )

    return book


def test_slots_of_a_day_are_a_plain_list(car):
    day = (timezone.now() + timedelta(days=3)).date()
    answer = Client().get(SLOTS, {"product_id": car.trim.product_id, "store_id": car.store_id, "date": day})

    assert answer.status_code == 200
    assert len(answer.json()) == 9
    assert set(answer.json()[0]) == {"starts_at", "ends_at", "resource_id", "free"}
    assert datetime.fromisoformat(answer.json()[0]["starts_at"]).utcoffset() is not None
    assert answer.json()[0]["resource_id"] == car.resource_id


@pytest.mark.parametrize("day", ["2001-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_nobody_can_book_has_none(car, day):
    answer = Client().get(SLOTS, {"product_id": car.trim.product_id, "store_id": car.store_id, "date": day})

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"product_id": "x", "store_id": 1}, 400),
        ({"product_id": 1, "store_id": 1, "date": "soon"}, 400),
        ({"product_id": 2**70, "store_id": 1}, 400),
        ({"product_id": 999_999_999, "store_id": 999_999_999}, 422),
    ],
)
def test_slots_refuse_nonsense(db, query, status):
    assert Client().get(SLOTS, query).status_code == status


def test_books_reads_and_cancels(car, driver, booked):
    answer = booked()

    assert answer.status_code == 201
    body = answer.json()
    assert {"id", "status", "starts_at", "ends_at", "store", "product_id"} <= set(body)
    assert (body["status"], body["product_id"], body["store"]["id"]) == ("REQUESTED", car.trim.product_id, car.store_id)
    client = client_of(driver)
    assert client.get(f"{DRIVES}{body['id']}/").json()["reference"] == body["reference"]
    assert client.get(DRIVES).json()["count"] == 1
    assert post(client, f"{DRIVES}{body['id']}/cancel/").json()["status"] == "CANCELLED"
    assert post(client, f"{DRIVES}{body['id']}/cancel/").status_code == 409


def test_a_repeated_request_books_once(booked):
    start = {"starts_at": booked(key="one").json()["starts_at"]}
    again = booked(key="two", **start)

    assert (again.status_code, again.json()["code"]) == (409, "slot_taken")
    assert TestDrive.objects.count() == 1


def test_the_same_key_answers_alike(booked, car):
    start = {"starts_at": next_slot(car, now=timezone.now()).isoformat()}
    first, second = booked(key="same", **start), booked(key="same", **start)

    assert first.json() == second.json()
    assert TestDrive.objects.count() == 1


def test_without_a_key_nothing_is_booked(driver, booked, car):
    answer = post(client_of(driver), DRIVES, {"product_id": 1})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"agree": False}, 422, "agreement_required"),
        ({"licence": {"class": "C1", "expires_on": "2020-01-01"}}, 422, "licence_expired"),
        ({"licence": {"class": "M", "expires_on": "2036-01-01"}}, 422, "licence_not_accepted"),
        ({"licence": {**LICENCE, "born_on": "2020-01-01"}}, 422, "under_age"),
        ({"licence": {"class": "C1"}}, 400, "invalid"),
        ({"starts_at": "2020-01-01T10:00:00+08:00"}, 422, "slot_in_past"),
        ({"starts_at": "2035-01-01T10:00:00+08:00"}, 422, "too_far_ahead"),
        ({"starts_at": "nonsense"}, 400, "invalid"),
        ({"product_id": 999_999_999}, 404, "not_found"),
        ({"resource_id": 999_999_999}, 422, "no_demo_car"),
    ],
)
def test_refusals_have_names_and_hold_nothing(booked, changes, status, code):
    answer = booked(**changes)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not TestDrive.objects.exists()


def test_a_visitor_signs_in_first_and_a_stranger_finds_nothing(booked):
    drive = booked().json()["id"]

    assert booked(client=Client()).status_code in (401, 403)
    stranger = client_of(make_driver())
    assert stranger.get(f"{DRIVES}{drive}/").status_code == 404
    assert post(stranger, f"{DRIVES}{drive}/cancel/").status_code == 404


def test_a_drive_moves(booked, driver, car):
    drive = booked().json()
    later = (datetime.fromisoformat(drive["starts_at"]) + timedelta(hours=2)).isoformat()
    moved = post(client_of(driver), f"{DRIVES}{drive['id']}/move/", {"starts_at": later}, **{"Idempotency-Key": "m"})

    assert moved.status_code == 200
    assert datetime.fromisoformat(moved.json()["starts_at"]) == datetime.fromisoformat(later)


def test_the_dealer_confirms_checks_in_and_completes(booked, car):
    drive = booked().json()["id"]
    client = client_of(make_member(Role.DEALER_CLERK, car.store.dealer.organization))

    assert [row["id"] for row in client.get(DEALER).json()["results"]] == [drive]
    early = post(client, f"{DEALER}{drive}/complete/")
    assert (early.status_code, early.json()["code"]) == (409, "move_not_allowed")
    for step, status in (("confirm", "CONFIRMED"), ("check-in", "CHECKED_IN"), ("complete", "COMPLETED")):
        answer = post(client, f"{DEALER}{drive}/{step}/")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    assert post(client, f"{DEALER}{drive}/no-show/").status_code == 409


def test_another_dealer_finds_nothing(booked):
    drive = booked().json()["id"]
    client = client_of(make_member(Role.DEALER_MANAGER))

    assert client.get(DEALER).json()["count"] == 0
    assert post(client, f"{DEALER}{drive}/confirm/").status_code == 404


def test_a_consumer_has_no_business_with_the_dealer_s_list(driver):
    assert client_of(driver).get(DEALER).status_code == 403


def test_a_dealers_program_reads_and_confirms_with_its_scopes_and_no_more(car, booked):
    drive = booked().json()["id"]
    dealer = car.store.dealer.organization
    manager = make_member(Role.DEALER_MANAGER, dealer)

    def ask(path, *scopes, method="get"):
        _, secret = create_api_key(
            organization_id=dealer.pk, name="DMS", scopes=scopes, days=30, by=manager, now=timezone.now()
        )
        return getattr(Client(), method)(path, headers={"Authorization": f"Bearer {secret}"})

    read, write, confirm = "test-drives:read", "test-drives:write", f"{DEALER}{drive}/confirm/"
    assert [row["id"] for row in ask(DEALER, read).json()["results"]] == [drive]
    assert ask(DEALER, "leads:read").json()["code"] == "scope_missing"
    assert ask(confirm, read, method="post").json()["code"] == "scope_missing"
    # What a person does for themselves no key does.
    assert ask(DRIVES, read, write, method="post").json()["code"] == "scope_missing"
    assert TestDrive.objects.get().status == "REQUESTED"
    assert ask(confirm, write, method="post").status_code == 200
    assert TestDrive.objects.get().status == "CONFIRMED"
    assert ask(f"{DEALER}{make_drive_elsewhere()}/confirm/", write, method="post").status_code == 404


def make_drive_elsewhere():
    other = make_demo_car()
    return book_drive(other.store, member=make_driver(), now=timezone.now()).pk
