"""Pictures of a used car: the store that inspects it takes them, its owner sees them, nobody else does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error

from apps.accounts.api import Role
from apps.financing import api
from apps.financing.errors import InvalidUsedCar, TradeInNotFound
from apps.financing.services import trade_in_photos
from apps.kernel.api import Money, MoveNotAllowed
from apps.kernel.errors import FileRefused
from tests.apps.financing.test_trade_ins import DATA, TOLD
from tests.factories.accounts import make_member
from tests.factories.financing import picture
from tests.factories.orders import make_vin


@pytest.fixture
def clerk(shop):
    return make_member(Role.DEALER_CLERK, shop.dealer)


@pytest.fixture
def brought(desk, now):
    """A car that waits at the store."""
    api.load_trade_in_tables(DATA, now=now)
    offer = api.offer_trade_in(told=TOLD, car_name="L6", vin=make_vin(), by=desk.by, now=now)
    return api.accept_trade_in(number=offer.number, store_id=desk.shop.store.pk, by=desk.by, now=now)


@pytest.fixture
def take(brought, clerk, now):
    def take_picture(**changes):
        values = {
            "number": brought.number,
            "organization_id": brought.organization_id,
            "shows": "FRONT",
            "upload": picture("front.png"),
            "by": clerk,
            "now": now,
        }
        return api.add_trade_in_photo(**{**values, **changes})

    return take_picture


def test_a_picture_is_kept_with_what_it_shows(take, brought, clerk):
    photo = take(shows="DAMAGE")

    assert (photo.shows, photo.by, photo.file.content_type) == ("DAMAGE", clerk, "image/png")
    assert list(brought.photos.all()) == [photo]
    with pytest.raises(Error):
        api.TradeInPhoto.objects.filter(pk=photo.pk).update(shows="REAR")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"shows": "ENGINE"}, InvalidUsedCar),
        ({"upload": SimpleUploadedFile("a.jpg", b"MZ nothing")}, FileRefused),
        ({"upload": SimpleUploadedFile("a.svg", b"<svg><script/></svg>")}, FileRefused),
        ({"upload": SimpleUploadedFile("a.jpg", b"")}, FileRefused),
        ({"organization_id": 999_999_999}, TradeInNotFound),
        ({"number": "T0"}, TradeInNotFound),
    ],
)
def test_what_is_no_picture_of_an_own_car_is_refused_and_nothing_kept(take, changes, error):
    with pytest.raises(error):
        take(**changes)

    assert not api.TradeInPhoto.objects.exists()


def test_there_are_enough_some_day(take, monkeypatch):
    monkeypatch.setattr(trade_in_photos, "MOST_PHOTOS", 1)
    take()

    with pytest.raises(InvalidUsedCar) as refusal:
        take()
    assert set(refusal.value.fields) == {"photo"}
    assert api.TradeInPhoto.objects.count() == 1


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_a_car_that_is_not_there_any_more_takes_no_picture(take, brought, desk, now, end):
    if end == "decline":
        api.decline_trade_in(
            number=brought.number, organization_id=brought.organization_id, note="x", by=desk.by, now=now
        )
    else:
        api.withdraw_trade_in(number=brought.number, by=desk.by, now=now)

    with pytest.raises(MoveNotAllowed):
        take()
    assert not api.TradeInPhoto.objects.exists()


def test_the_pages_take_show_and_refuse_them(desk, brought, clerk, client, settings, monkeypatch, now):
    settings.MFA_REQUIRED_ROLES = []
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = f"/dealer/trade-ins/{brought.number}/"

    refused = client.post(
        f"{page}photos/?hl=en", {"photo-shows": "REAR", "photo-photo": SimpleUploadedFile("a.jpg", b"MZ")}
    )
    assert refused.status_code == 422
    # The summary leads to the input for the file.
    assert 'href="#id_photo-photo"' in refused.content.decode()
    assert client.post(f"{page}photos/", {"photo-shows": "REAR"}).status_code == 422
    assert client.post(f"{page}photos/", {"photo-shows": "REAR", "photo-photo": picture()}).status_code == 302
    # Also after the inspection: the figure rests on it until the owner agrees.
    api.inspect_trade_in(
        number=brought.number,
        organization_id=brought.organization_id,
        mileage_km=45000,
        condition="GOOD",
        deduction=Money.zero(),
        note="",
        by=clerk,
        now=now,
    )
    assert client.post(f"{page}photos/", {"photo-shows": "DAMAGE", "photo-photo": picture()}).status_code == 302
    assert client.get(page).content.decode().count("<img") == 2

    other = make_member(Role.DEALER_MANAGER)
    client.force_login(other, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert client.post(f"{page}photos/", {"photo-shows": "REAR", "photo-photo": picture()}).status_code == 404
    client.force_login(desk.by, backend=settings.AUTHENTICATION_BACKENDS[-1])
    owner = client.get(f"/account/finance/trade-ins/{brought.number}/")
    assert owner.content.decode().count('class="service-photos"') == 1
