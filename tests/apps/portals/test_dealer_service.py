"""Visits in the dealers' portal: list, day, work order, and everything that is done about one."""

from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role
from apps.aftersales.api import ServiceVisit, answer_finding
from apps.inventory.api import SiteKind
from tests.factories.accounts import make_member
from tests.factories.aftersales import book_visit, make_owner, make_workshop
from tests.factories.catalog import make_part
from tests.factories.dealers import make_store
from tests.factories.onboarding import picture
from tests.factories.orders import make_site, put_on_shelf

pytestmark = pytest.mark.django_db
LIST = "/dealer/service/"


@pytest.fixture
def store(settings):
    settings.MFA_REQUIRED_ROLES = []
    store = make_store()
    make_workshop(store)
    return store


@pytest.fixture
def visit(store):
    return book_visit(store, member=make_owner(display_name="王小明"), now=timezone.now())


@pytest.fixture
def client(store, settings):
    client = Client()
    clerk = make_member(Role.DEALER_CLERK, store.dealer.organization)
    client.force_login(clerk, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["", "?show=work", "?show=past", "day/", "day/?day=nonsense", "day/?day=0001-01-01"])
def test_pages_are_shown_without_and_with_visits(client, store, path, language):
    assert client.get(f"{LIST}{path}", headers={"Accept-Language": language}).status_code == 200
    book_visit(store, member=make_owner(), now=timezone.now())
    assert client.get(f"{LIST}{path}", headers={"Accept-Language": language}).status_code == 200


def test_the_list_and_the_day_lead_to_the_visit(client, visit):
    local = visit.starts_at.astimezone(ZoneInfo(visit.store.time_zone))
    for page in (LIST, f"{LIST}day/?day={local:%Y-%m-%d}"):
        assert f'href="{LIST}{visit.pk}/"' in client.get(page).content.decode()


def status(visit):
    return ServiceVisit.objects.get(pk=visit.pk).status


def test_from_check_in_to_payment(client, visit, store):
    part = make_part(price="120.00")
    site = make_site(store.dealer.organization, kind=SiteKind.DEALER_WAREHOUSE, store=store)
    put_on_shelf(part, site, 2, now=timezone.now(), is_offered=False)
    page = f"{LIST}{visit.pk}/"
    wrong = client.post(f"{page}check-in/", {"check-in-kilometres": "5", "check-in-condition": "左门划痕"})
    assert (wrong.status_code, "左门划痕" in wrong.content.decode()) == (422, True)
    assert client.post(f"{page}check-in/", {"check-in-kilometres": "12500"}).status_code == 302
    client.post(f"{page}finding/", {"finding-text": "前刹车片 2 毫米", "finding-urgency": "NOW"})
    finding = visit.findings.get()
    sent = {"photo-finding": finding.pk, "photo-photo": picture()}
    assert client.post(f"{page}photo/", sent).status_code == 302
    wish = {
        "propose-finding": finding.pk,
        "propose-labour": "200",
        "propose-part": part.pk,
        "propose-quantity": "2",
    }
    assert client.post(f"{page}propose/", {**wish, "propose-labour": "viel"}).status_code == 422
    assert client.post(f"{page}propose/", wish).status_code == 302
    client.post(f"{page}finish/")
    assert status(visit) == "CHECKED_IN"

    finding.refresh_from_db()
    assert (finding.status, finding.total, finding.photos.count()) == ("PROPOSED", 440, 1)
    answer_finding(reference=visit.reference, finding_id=finding.pk, approves=True, by=visit.member, now=timezone.now())
    assert client.get(page).status_code == 200
    client.post(f"{page}finish/")
    assert status(visit) == "DONE"
    assert "620" in client.get(page).content.decode()
    assert client.post(f"{page}settle/", {"settle-amount": "600", "settle-tender": "CARD"}).status_code == 422
    assert client.post(f"{page}settle/", {"settle-amount": "620.00", "settle-tender": "CARD"}).status_code == 302
    assert status(visit) == "PAID"
    assert client.get(page).status_code == 200


def test_is_moved_cancelled_and_missed(client, visit, store):
    page = f"{LIST}{visit.pk}/"
    assert client.post(f"{page}move/", {"move-local": "soon"}).status_code == 422
    local = visit.starts_at.astimezone(ZoneInfo(store.time_zone)).replace(hour=15)
    assert client.post(f"{page}move/", {"move-local": f"{local:%Y-%m-%dT%H:%M}"}).status_code == 302
    assert ServiceVisit.objects.get(pk=visit.pk).starts_at == local
    assert client.post(f"{page}cancel/", {"cancel-reason": ""}).status_code == 422
    assert client.post(f"{page}cancel/", {"cancel-reason": "设备检修"}).status_code == 302
    assert status(visit) == "CANCELLED"
    other = book_visit(store, member=make_owner(), now=timezone.now())
    client.post(f"{LIST}{other.pk}/no-show/")
    assert status(other) == "NO_SHOW"
    assert client.post(f"{page}nonsense/").status_code == 404


def test_another_dealer_s_visit_is_not_found(client):
    foreign = book_visit(make_store(), member=make_owner(), now=timezone.now())

    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/check-in/", {"check-in-kilometres": "1"}).status_code == 404
