"""The garage: a member's cars, a guest's car."""

import pytest

from apps.catalog.api import Trim
from apps.inventory.api import Unit
from apps.membership.api import GarageCar, current_car, list_garage
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    """A car we built."""
    return Unit.objects.order_by("pk").first()


def test_a_guest_tells_of_a_car_by_its_vin_and_only_its_trim_is_kept(reader, unit):
    answer = reader.post("/garage/", {"vin": unit.vin.lower()}, follow=True)

    (car,) = answer.context["cars"]
    assert car.view.product_id == unit.product_id
    assert unit.vin not in str(dict(reader.session))
    assert not GarageCar.objects.exists()


def test_a_page_that_asked_for_the_car_gets_it(reader, part, trim):
    answer = reader.post("/garage/", {"product_id": trim.product_id, "next": f"/products/{part.slug}/?x=1#fit"})

    assert answer.url == f"/products/{part.slug}/?fits={trim.product_id}"


def test_leads_nowhere_else(reader, trim):
    answer = reader.post("/garage/", {"product_id": trim.product_id, "next": "https://evil.example/"})

    assert answer.url == "/garage/"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "product_id"),
        ({"vin": "LXCA1ER17TZ001002"}, "vin"),
        ({"vin": "<script>alert(1)</script>"}, "vin"),
        ({"vin": "x" * 5000}, "vin"),
        ({"product_id": "99999999999999"}, "product_id"),
        ({"product_id": "1 OR 1=1"}, "product_id"),
    ],
)
def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(data, field, reader):
    answer = reader.post("/garage/", data)

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert answer.context["cars"] == []


def test_a_members_cars_have_names_and_plates(signed_in, buyer, unit):
    signed_in.post("/garage/", {"vin": unit.vin, "nickname": "Lucky", "plate": "沪AD12345"})

    page = signed_in.get("/garage/").content.decode()
    assert "Lucky" in page
    assert unit.vin not in page
    assert f"···{unit.vin[-6:]}" in page
    (car,) = list_garage(buyer)
    signed_in.post(f"/garage/{car.id}/", {"nickname": "Star", "plate": ""})
    assert (current_car(buyer).nickname, current_car(buyer).plate) == ("Star", "")


def test_a_plate_that_is_none_is_refused_beside_its_field(signed_in, buyer, trim):
    answer = signed_in.post("/garage/", {"product_id": trim.product_id, "plate": "hello"})

    assert "plate" in answer.context["form"].errors
    assert list_garage(buyer) == []


def test_the_current_car_changes_and_goes(signed_in, buyer):
    first, second = Trim.objects.order_by("pk")[:2]
    for trim in (first, second):
        signed_in.post("/garage/", {"product_id": trim.product_id})
    older = next(car for car in list_garage(buyer) if not car.is_current)

    signed_in.post(f"/garage/{older.id}/current/")
    assert current_car(buyer).id == older.id
    signed_in.post(f"/garage/{older.id}/remove/")
    assert [car.product_id for car in list_garage(buyer)] == [second.product_id]


@pytest.mark.parametrize("act", ["", "current/", "remove/"])
def test_anothers_car_and_none_are_404(act, signed_in, visitor, trim):
    other = make_user()
    visitor.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    visitor.post("/garage/", {"product_id": trim.product_id})
    (car,) = list_garage(other)

    for number in (car.id, car.id + 10_000, 9_999_999_999):
        assert signed_in.post(f"/garage/{number}/{act}").status_code == 404
    assert [(row.id, row.is_current) for row in list_garage(other)] == [(car.id, True)]


def test_guests_are_asked_to_sign_in_for_a_cars_details(visitor):
    assert visitor.get("/garage/1/").url == "/account/login/?next=/garage/1/"


def test_a_guests_car_comes_along_at_sign_in(reader, trim):
    user = make_user()
    reader.post("/garage/", {"product_id": trim.product_id})

    reader.post("/account/login/", {"login": user.email, "password": PASSWORD})

    assert current_car(user).product_id == trim.product_id


def test_a_guest_forgets_a_car(reader, trim):
    reader.post("/garage/", {"product_id": trim.product_id})
    reader.post("/garage/forget/")
    assert reader.get("/garage/").context["cars"] == []


def test_the_product_page_answers_for_the_visitors_car(reader, part, trim):
    assert b"Choose your car" in reader.get(f"/products/{part.slug}/fit/").content
    reader.post("/garage/", {"product_id": trim.product_id})

    answer = reader.get(f"/products/{part.slug}/fit/")

    assert answer.context["car"].product_id == trim.product_id
    assert answer.context["does_fit"] in (True, False)
    assert "no-store" in answer.headers["Cache-Control"]
