"""Visits in the dealers' portal: list, day, work order, and everything that is done about one."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role
from apps.aftersales import api
from apps.aftersales.api import ServiceVisit, answer_finding
from apps.inventory.api import SiteKind
from apps.kernel.api import outbox
from apps.notifications.api import Notice
from apps.scheduling.api import ResourceKind
from tests.factories.accounts import make_member
from tests.factories.aftersales import book_visit, make_owner, make_workshop
from tests.factories.catalog import make_part
from tests.factories.dealers import make_store
from tests.factories.onboarding import picture
from tests.factories.orders import make_site, put_on_shelf
from tests.factories.payments import FakeGateway, using_fake
from tests.factories.scheduling import make_resource

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


@pytest.fixture
def keys(visit):
    """What the store's services are called with."""
    return {"visit_id": visit.pk, "organization_id": visit.organization_id, "by": visit.member, "now": timezone.now()}


def test_the_till_shows_a_code_and_waits_for_the_money(client, visit, keys):
    page = f"{LIST}{visit.pk}/"
    api.check_in(**keys, kilometres=12_500)
    api.finish_work(**keys)
    assert client.post(f"{page}till/", {"till-provider": "nobody"}).status_code == 422
    gateway = FakeGateway()
    with using_fake(gateway, "wechatpay"):
        assert client.post(f"{page}till/", {"till-provider": "wechatpay"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "<svg" in shown.split('class="qr service-till"')[1]
    assert client.get(page, headers={"HX-Request": "true"}).status_code == 204

    assert client.post(f"{page}settle/", {"settle-amount": "180", "settle-tender": "CASH"}).status_code == 302

    assert client.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_refused_picture_and_a_refused_warranty_are_said_beside_their_fields(client, visit, keys):
    page = f"{LIST}{visit.pk}/"
    api.check_in(**keys, kilometres=12_500)
    findings = [api.add_finding(**keys, text=text, urgency="SOON") for text in ("雨刮老化", "减振器渗油")]
    upload = SimpleUploadedFile("a.jpg", b"<html>", content_type="image/jpeg")

    answer = client.post(f"{page}photo/", {"photo-finding": findings[1].pk, "photo-photo": upload})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_photo-photo"' in shown
    assert shown.count('id="id_photo-photo"') == 1
    assert f'id="id_{findings[0].pk}_photo-photo"' in shown
    api.Vehicle.objects.filter(pk=visit.vehicle_id).update(in_service_on="2010-01-01")
    wish = {"propose-finding": findings[0].pk, "propose-labour": "80", "propose-warranty": "1"}
    answer = client.post(f"{page}propose/", wish)
    assert (answer.status_code, 'href="#id_propose-warranty"' in answer.content.decode()) == (422, True)


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


def test_whoever_drags_a_visit_comes_back_to_the_day_told_what_was_done_or_why_not(client, visit, store):
    local = visit.starts_at.astimezone(ZoneInfo(store.time_zone))
    back, page = f"{LIST}day/?store={store.code}&day={local:%Y-%m-%d}", f"{LIST}{visit.pk}/"
    other = make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0)
    shown = client.get(back, headers={"Accept-Language": "en"}).content.decode()
    assert f'data-move="{page}move/"' in shown
    assert f'data-column="{other.pk}"' in shown
    assert 'src="/static/js/day' in shown

    def drop(clock, bay, target=back):
        wish = {"move-local": f"{local:%Y-%m-%d}T{clock}", "move-bay": bay, "next": target}
        answer = client.post(f"{page}move/", wish, headers={"Accept-Language": "en"})
        return answer["Location"], client.get(answer["Location"], headers={"Accept-Language": "en"}).content.decode()

    where, said = drop("23:00", other.pk)
    assert (where, "closed at this time" in said) == (back, True)
    assert ServiceVisit.objects.get(pk=visit.pk).starts_at == visit.starts_at
    where, said = drop(f"{local:%H:%M}", other.pk)
    assert (where, "at the same time as before" in said) == (back, True)
    where, said = drop("15:00", visit.booking.resource_id)
    assert (where, "told in a minute, unless you undo it" in said) == (back, True)
    moved = ServiceVisit.objects.get(pk=visit.pk)
    assert (moved.starts_at, moved.booking.resource_id) == (local.replace(hour=15, minute=0), visit.booking.resource_id)
    # Only to pages of ours.
    assert drop("16:00", "", "https://elsewhere.example/")[0] == page
    assert (
        client.post(f"{page}move/", {"move-local": f"{local:%Y-%m-%d}T10:00", "move-bay": "999999"}).status_code == 422
    )


def undo_of(page):
    """The form beside what was told: where it goes, and what it sends."""
    form = re.search(r'<form class="row row--between" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    return form and (form[1], dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form[2])))


def test_a_move_is_undone_from_where_it_is_told(client, visit, store):
    bay = make_resource(store=store, kind=ResourceKind.BAY, slot_minutes=30, buffer_minutes=0)
    local = visit.starts_at.astimezone(ZoneInfo(store.time_zone))
    page, day = f"{LIST}{visit.pk}/", f"{LIST}day/?store={store.code}&amp;day={local:%Y-%m-%d}"
    before = lies(visit)

    def send(address, wish):
        answer = client.post(address, wish, headers={"Accept-Language": "en"})
        return client.get(answer["Location"], headers={"Accept-Language": "en"}).content.decode()

    wish = {"move-local": f"{local:%Y-%m-%d}T15:00", "move-bay": bay.pk, "next": day.replace("&amp;", "&")}
    said = send(f"{page}move/", wish)
    assert lies(visit) == (local.replace(hour=15, minute=0), bay.pk)
    address, undo = undo_of(said)
    assert (address, undo["next"]) == (f"{page}move/", day)
    assert undo_of(client.get(page).content.decode()) is None

    said = send(address, {**undo, "next": page})
    assert "Back where it was." in said
    assert (lies(visit), undo_of(said)) == (before, None)
    # Pressed again, or after somebody else moved it: nothing.
    assert "Nothing was changed." in send(address, {**undo, "next": page})
    assert lies(visit) == before


def test_what_is_taken_meanwhile_is_not_undone(client, visit, store):
    local = visit.starts_at.astimezone(ZoneInfo(store.time_zone))
    page = f"{LIST}{visit.pk}/"
    answer = client.post(f"{page}move/", {"move-local": f"{local:%Y-%m-%d}T15:00"})
    address, undo = undo_of(client.get(answer["Location"]).content.decode())
    book_visit(store, member=make_owner(), starts_at=visit.starts_at, now=timezone.now())
    moved = lies(visit)

    answer = client.post(address, {**undo, "next": page}, headers={"Accept-Language": "en"})

    assert "notice--bad" in client.get(answer["Location"]).content.decode()
    assert lies(visit) == moved


def lies(visit):
    """When a visit takes place, and in which bay."""
    return ServiceVisit.objects.values_list("booking__starts_at", "booking__resource").get(pk=visit.pk)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_car_is_checked_by_its_vin_and_wrong_ones_are_said(client, visit, language):
    page, headers = f"{LIST}check/", {"Accept-Language": language}
    assert client.get(page, headers=headers).status_code == 200
    for vin in ("", "LXC", "1M8GDM9A0KP042788", "1M8GDM9AXKP042788"):
        answer = client.get(page, {"vin": vin}, headers=headers)
        assert (answer.status_code, 'href="#id_vin"' in answer.content.decode()) == (422, True), vin

    shown = client.get(page, {"vin": f" {visit.vehicle.vin.lower()} "}, headers=headers).content.decode()

    assert visit.vehicle.vin in shown
    assert "王小明" not in shown


def test_the_home_names_the_next_visit_and_the_board_what_customers_did(client, visit, store):
    outbox.drain(now=timezone.now(), strict=True)
    codes = list(Notice.objects.filter(organization=store.dealer.organization).values_list("code", flat=True))
    assert codes == ["new_visit"]
    ServiceVisit.objects.filter(pk=visit.pk).update(
        status="CHECKED_IN", checked_in_at=timezone.now(), kilometres=12_500
    )
    assert f'href="{LIST}{visit.pk}/"' in client.get("/dealer/").content.decode()


def test_another_dealer_s_visit_is_not_found(client):
    foreign = book_visit(make_store(), member=make_owner(), now=timezone.now())

    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/check-in/", {"check-in-kilometres": "1"}).status_code == 404
