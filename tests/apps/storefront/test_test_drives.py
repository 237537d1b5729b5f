"""Booking a test drive in the shop: three steps, four fields, no script."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.api import User
from apps.scheduling.api import Booking
from apps.testdrives.api import TestDrive
from tests.factories.testdrives import make_driver

pytestmark = pytest.mark.django_db
STORES = "/test-drives/wangshu/"
TIMES = f"{STORES}st-beijing-chaoyang/"
FORM = {"licence_class": "C1", "expires_on": "2036-01-01", "born_on": "1990-05-01", "agree": "on"}


@pytest.fixture
def person():
    return make_driver(display_name="林晚晴")


@pytest.fixture
def client(person, settings):
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def free_times(client):
    """Addresses of the free times on the fourth day shown: whatever the hour is now, none of them is about to pass."""
    day = re.findall(r'href="\?day=([\d-]+)', client.get(TIMES).content.decode())[3]
    return re.findall(rf'href="({TIMES}\d+/)"', client.get(TIMES, {"day": day}).content.decode())


def test_three_steps_and_four_fields_lead_to_a_booked_car(client, person):
    assert TIMES in client.get(STORES).content.decode()
    step = free_times(client)[0]
    page = client.get(step).content.decode()
    asked = re.findall(r'<(?:input|select)[^>]* name="([a-z_]+)"', page.partition('<form class="stack"')[2])
    assert [name for name in asked if name != "csrfmiddlewaretoken"][:4] == list(FORM)

    answer = client.post(step, FORM)

    drive = TestDrive.objects.get(member=person)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/test-drives/{drive.reference}/")
    shown = client.get(answer["Location"]).content.decode()
    assert drive.store.name_zh in shown
    assert "<svg" in shown


@pytest.mark.parametrize("path", ["/test-drives/", STORES, TIMES])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_visitors_look_before_they_sign_in(path, language):
    assert Client().get(path, headers={"Accept-Language": language}).status_code == 200


def test_whoever_signs_signs_in_first():
    step = free_times(Client())[0]
    answer = Client().get(step)

    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_the_nearest_store_comes_first():
    page = Client().get(STORES, {"near": "杭州"}).content.decode()

    assert page.index("ST-HANGZHOU-BINJIANG".lower()) < page.index("st-beijing-chaoyang")


def test_the_list_of_stores_takes_few_queries():
    Client().get(STORES)
    with CaptureQueriesContext(connection) as queries:
        Client().get(STORES)

    assert len([query for query in queries if "testdrives_" in query["sql"] or "scheduling_" in query["sql"]]) <= 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_on": "2020-01-01"},
        {"born_on": "2020-01-01"},
        {"licence_class": "Z9"},
        {"agree": ""},
        {"expires_on": ""},
        {"born_on": "yesterday"},
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(client, wrong):
    step = free_times(client)[0]
    answer = client.post(step, {**FORM, **wrong})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="errors"' in page
    assert f'href="#id_{next(iter(wrong))}"' in page
    kept = "1990-05-01" if "born_on" not in wrong else "2036-01-01"
    assert f'value="{kept}"' in page
    assert not TestDrive.objects.filter(store__code="ST-BEIJING-CHAOYANG").exists()


def test_a_phone_number_is_verified_first(client, person):
    User.objects.filter(pk=person.pk).update(is_phone_verified=False)
    page = client.get(free_times(client)[0]).content.decode()

    assert "/account/phone/" in page
    assert 'name="licence_class"' not in page


def test_a_taken_time_offers_the_waitlist(client, person, settings):
    step = free_times(client)[0]
    assert client.post(step, FORM).status_code == 302
    other = Client()
    other.force_login(make_driver(), backend=settings.AUTHENTICATION_BACKENDS[-1])

    page = other.post(step, FORM)
    assert page.status_code == 422
    assert f"{step}wait/" in page.content.decode()
    assert other.post(f"{step}wait/").status_code == 302

    drive = TestDrive.objects.get(member=person)
    client.post(f"/account/test-drives/{drive.reference}/cancel/", {"reason": "Ill"})
    mine = other.get("/account/test-drives/").content.decode()
    assert step in mine
    assert other.post(step, FORM).status_code == 302


def test_one_s_own_drive_moves_and_goes_into_a_calendar(client, person):
    client.post(free_times(client)[0], FORM)
    drive = TestDrive.objects.get(member=person)
    page = f"/account/test-drives/{drive.reference}/"
    offered = re.findall(r'name="at" value="(\d+)" >', client.get(f"{page}move/").content.decode())
    later = max(map(int, offered))

    assert later != int(drive.starts_at.timestamp())
    assert client.post(f"{page}move/", {"at": later}).status_code == 302
    moved = Booking.objects.get(pk=drive.booking_id)
    assert int(moved.starts_at.timestamp()) == later

    calendar = client.get(f"{page}calendar.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{moved.starts_at.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}" in calendar.content.decode()
    assert "SEQUENCE:1" in calendar.content.decode()


@pytest.mark.parametrize("at", ["", "x", "1", "99999999999", "9999999999999999"])
def test_nonsense_for_a_time_moves_nothing(client, person, at):
    client.post(free_times(client)[0], FORM)
    drive = TestDrive.objects.get(member=person)

    client.post(f"/account/test-drives/{drive.reference}/move/", {"at": at})
    assert Booking.objects.get(pk=drive.booking_id).times_moved == 0


def test_a_stranger_finds_nothing(client, person, settings):
    client.post(free_times(client)[0], FORM)
    drive = TestDrive.objects.get(member=person)
    other = Client()
    other.force_login(make_driver(), backend=settings.AUTHENTICATION_BACKENDS[-1])

    for page in ("", "move/", "calendar.ics"):
        assert other.get(f"/account/test-drives/{drive.reference}/{page}").status_code == 404
    assert other.post(f"/account/test-drives/{drive.reference}/cancel/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/test-drives/nothing/",
        "/test-drives/wangshu/nothing/",
        "/test-drives/wangshu/st-hangzhou-yuhang/",
        f"{TIMES}99999999999999999999/",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_empty_list_says_what_to_do_next(client):
    assert 'href="/test-drives/"' in client.get("/account/test-drives/").content.decode()


def test_the_demo_s_consumer_has_drives_behind_and_ahead(settings):
    settings.MFA_REQUIRED_ROLES = []
    client = Client()
    client.force_login(User.objects.get(email="consumer@demo.example"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    drives = TestDrive.objects.filter(member__email="consumer@demo.example").order_by("booking__starts_at")

    assert [drive.status for drive in drives] == ["COMPLETED", "REQUESTED"]
    for drive in drives:
        assert client.get(f"/account/test-drives/{drive.reference}/").status_code == 200
    assert isinstance(drives[0].starts_at, datetime)
