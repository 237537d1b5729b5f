"""Test drives in the dealers' portal: list, day, page, and everything that is done about one."""

from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from apps.accounts.api import Role
from apps.scheduling.api import Booking
from apps.testdrives.api import TestDrive, check_in_token
from tests.factories.accounts import make_member
from tests.factories.dealers import make_store
from tests.factories.testdrives import book_drive, make_driver

pytestmark = pytest.mark.django_db
LIST = "/dealer/test-drives/"


@pytest.fixture
def store(settings):
    settings.MFA_REQUIRED_ROLES = []
    return make_store()


@pytest.fixture
def drive(store):
    return book_drive(store, member=make_driver(display_name="王小明"), now=timezone.now())


@pytest.fixture
def client(store, settings):
    client = Client()
    clerk = make_member(Role.DEALER_CLERK, store.dealer.organization)
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def status(drive):
    return TestDrive.objects.get(pk=drive.pk).status


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path", ["", "?show=requested", "?show=past", "day/", "day/?day=nonsense", "day/?day=0001-01-01"]
)
def test_pages_are_shown_without_and_with_drives(client, store, path, language):
    assert client.get(f"{LIST}{path}", headers={"Accept-Language": language}).status_code == 200
    book_drive(store, member=make_driver(), now=timezone.now())
    assert client.get(f"{LIST}{path}", headers={"Accept-Language": language}).status_code == 200


def test_the_list_and_the_day_lead_to_the_drive(client, drive):
    local = drive.starts_at.astimezone(ZoneInfo(drive.store.time_zone))
    for page in (LIST, f"{LIST}day/?day={local:%Y-%m-%d}"):
        assert f'href="{LIST}{drive.pk}/"' in client.get(page).content.decode()


def test_from_the_confirmation_to_the_car_s_return(client, drive):
    page = f"{LIST}{drive.pk}/"
    assert client.post(f"{page}confirm/").status_code == 302
    assert (
        client.post(f"{page}check-in/", {"check-in-kilometres_out": "100", "check-in-route": "滨江"}).status_code == 302
    )
    assert status(drive) == "CHECKED_IN"
    wrong = client.post(f"{page}complete/", {"complete-outcome": "THINKING", "complete-kilometres_in": "90"})
    assert (wrong.status_code, status(drive)) == (422, "CHECKED_IN")
    assert client.post(f"{page}complete/", {"complete-outcome": "THINKING", "complete-kilometres_in": "112"})
    assert status(drive) == "COMPLETED"
    assert client.get(page).status_code == 200


def test_a_picture_is_kept_and_what_is_none_is_refused(client, drive):
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, "PNG")
    page = f"{LIST}{drive.pk}/photo/"

    assert client.post(page, {"photo-photo": SimpleUploadedFile("a.png", content.getvalue())}).status_code == 302
    refused = client.post(page, {"photo-photo": SimpleUploadedFile("a.png", b"no picture")})
    assert refused.status_code == 422
    assert drive.photos.count() == 1


def test_moving_takes_the_time_at_the_store(client, drive):
    local = drive.starts_at.astimezone(ZoneInfo(drive.store.time_zone)) + timedelta(hours=1)
    moved = client.post(f"{LIST}{drive.pk}/move/", {"move-local": f"{local:%Y-%m-%dT%H:%M}"})

    assert moved.status_code == 302
    assert Booking.objects.get(pk=drive.booking_id).starts_at == local


@pytest.mark.parametrize("local", ["", "soon", "2001-01-01T10:00"])
def test_a_time_that_cannot_be_is_refused_on_the_page(client, drive, local):
    refused = client.post(f"{LIST}{drive.pk}/move/", {"move-local": local})

    assert refused.status_code == 422
    assert Booking.objects.get(pk=drive.booking_id).starts_at == drive.starts_at


def test_cancelling_needs_a_reason(client, drive):
    assert client.post(f"{LIST}{drive.pk}/cancel/", {"cancel-reason": ""}).status_code == 422
    assert client.post(f"{LIST}{drive.pk}/cancel/", {"cancel-reason": "Snow"}).status_code == 302
    assert status(drive) == "CANCELLED"


def test_a_scanned_code_opens_the_drive_and_a_forged_one_nothing(client, drive):
    assert client.get(f"{LIST}scan/{check_in_token(drive)}/")["Location"] == f"{LIST}{drive.pk}/"
    assert client.get(f"{LIST}scan/forged/").status_code == 404


def test_a_calendar_program_reads_what_its_owner_confirmed(client, drive):
    client.post(f"{LIST}{drive.pk}/confirm/")
    page = client.post(f"{LIST}feed/").content.decode()
    address = page.partition('id="feed" readonly value="')[2].partition('"')[0]
    path = "/dealer/calendar/" + address.rpartition("/")[2]

    text = Client().get(path).content.decode()
    assert text.count("BEGIN:VEVENT") == 1
    assert "王小明" not in text
    assert Client().get("/dealer/calendar/forged.ics").status_code == 404


def test_another_dealer_finds_nothing(client):
    foreign = book_drive(make_store(), member=make_driver(), now=timezone.now())

    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/confirm/").status_code == 404
    assert client.get(f"{LIST}scan/{check_in_token(foreign)}/").status_code == 404
    assert status(foreign) == "REQUESTED"


def test_an_unknown_deed_is_not_found(client, drive):
    assert client.post(f"{LIST}{drive.pk}/explode/").status_code == 404
