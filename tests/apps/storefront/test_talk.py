"""Talking to a dealer: the form, its consent, its limits."""

import pytest
from django.urls import reverse

from apps.dealers.api import Store
from apps.kernel.api import blind_index
from apps.leads.api import Lead, LeadSource
from apps.leads.models import PHONE_INDEX
from apps.portals.storefront.web.talk import LeadThrottle

pytestmark = pytest.mark.django_db
PAGE = "/vehicles/jinghong/talk/"
NUMBERS = ("13500135009", "13500135000", "13500135001", "13500135002")


def asked():
    """The leads of whoever asks here; the demo's own came in earlier."""
    return Lead.objects.filter(phone_index__in=[blind_index(f"+86{number}", purpose=PHONE_INDEX) for number in NUMBERS])


@pytest.fixture
def values():
    """What somebody fills in."""
    store = Store.objects.get(code="ST-SHANGHAI-PUDONG")
    return {"store": store.pk, "name": "何知秋", "phone": "13500135009", "message": "", "consent": "on"}


def test_a_series_and_a_configured_car_lead_to_the_form(reader, trim):
    assert reverse("shop:talk", args=["jinghong"]) in reader.get("/vehicles/jinghong/").content.decode()

    page = reader.get(f"/vehicles/jinghong/configure/?trim={trim.code}&option=PAINT-CINNABAR").content.decode()

    assert f"{PAGE}?trim={trim.code}&amp;option=PAINT-CINNABAR" in page


def test_a_request_becomes_a_lead_of_the_store(reader, values):
    answer = reader.post(PAGE, values)

    lead = asked().get()
    assert answer.url == f"{PAGE}?sent={lead.store.code}"
    assert (lead.source, lead.phone, lead.store_id) == (LeadSource.VEHICLE_PAGE, "+8613500135009", values["store"])
    assert lead.store.name in reader.get(answer.url).content.decode()


def test_the_car_as_configured_goes_along(reader, values, trim):
    reader.post(PAGE, {**values, "trim": trim.code, "option": "PAINT-CINNABAR"})

    lead = asked().get()
    assert lead.source == LeadSource.CONFIGURATOR
    assert "PAINT-CINNABAR" in lead.configuration.option_codes


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": ""},
        {"name": ""},
        {"name": "x" * 61},
        {"phone": "123"},
        {"phone": ""},
        {"store": "0"},
        {"store": "x"},
        {"message": "x" * 501},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(reader, values, changes):
    answer = reader.post(PAGE, {**values, **changes})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="errors"' in page
    assert "name" in changes or "何知秋" in page
    assert not asked().exists()


def test_an_unknown_car_is_not_found(reader, values):
    assert reader.post("/vehicles/nothing/talk/", values).status_code == 404


def test_one_address_asks_only_so_often(reader, values, monkeypatch):
    monkeypatch.setattr(LeadThrottle, "rate", "2/hour", raising=False)

    codes = [reader.post(PAGE, {**values, "phone": f"1350013500{number}"}).status_code for number in range(3)]

    assert codes == [302, 302, 429]
    assert asked().count() == 2
