"""HQ's pages of dealers: every decision by its form, refusals beside their fields, auditors kept out."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role
from apps.dealers.api import (
    Authorization,
    ChannelChange,
    Dealer,
    DealerLevel,
    LevelBenefit,
    Quota,
    Store,
    StoreDay,
    Territory,
)
from apps.kernel.api import ImportRun, imports
from tests.factories.accounts import make_member
from tests.factories.catalog import make_trim
from tests.factories.dealers import make_authorization, make_dealer, make_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brand")]

ADMIN = "/admin/dealers/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.MFA_REQUIRED_ROLES = []


def client_of(role):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(role))
    return client


@pytest.fixture
def hq():
    return client_of(Role.HQ_OPERATOR)


@pytest.fixture
def dealer():
    return make_dealer()


def today():
    return timezone.localdate()


def post(client, path, **data):
    return client.post(f"{ADMIN}{path}/", data)


def grant(client, chosen, **changes):
    data = {
        "dealers": [dealer.pk for dealer in chosen],
        "brand_code": "XINGCHI",
        "kinds": "SALES SERVICE",
        "regions": "310100, 320500",
        "starts_on": today().isoformat(),
        "last_day": "",
        "reason": "expansion",
    }
    return post(client, "authorization/grant", **{**data, **changes})


def test_rights_are_granted_in_bulk_and_extended_ended_and_revoked(hq, dealer):
    assert grant(hq, [dealer, make_dealer()]).status_code == 302
    assert Authorization.objects.count() == 8
    first, second = Authorization.objects.filter(dealer=dealer)[:2]
    last = today() + 9 * DAY
    assert post(hq, f"authorization/{first.pk}/end", last_day=last.isoformat(), reason="x").status_code == 302
    first.refresh_from_db()
    assert first.valid.upper == last + DAY
    assert post(hq, f"authorization/{first.pk}/extend", last_day="", reason="x").status_code == 302
    assert post(hq, f"authorization/{second.pk}/revoke", reason="fraud").status_code == 302
    second.refresh_from_db()
    assert second.is_void
    assert ChannelChange.objects.count() == 11


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"regions": "310100 999999"}, "regions"),
        ({"regions": ""}, "regions"),
        ({"starts_on": "tomorrow"}, "starts_on"),
        ({"brand_code": "OTHER"}, "brand_code"),
        ({"kinds": "RENTAL"}, "kinds"),
        ({"dealers": []}, "dealers"),
        ({"dealers": ["0"]}, "dealers"),
        ({"reason": ""}, "reason"),
        ({"last_day": "2020-01-01"}, "__all__"),
    ],
)
def test_a_refused_grant_keeps_the_form_and_grants_nothing(hq, dealer, changes, field):
    answer = grant(hq, [dealer], **changes)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Authorization.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "authorization/grant", "authorization/{a}/extend", "authorization/{a}/end", "authorization/{a}/revoke",
        "territory/assign", "territory/{t}/end", "quota/set", "levelbenefit/set", "store/open", "store/days",
        "store/{s}/move", "store/{s}/hours", "store/{s}/close", "store/{s}/reopen", "dealer/{d}/level",
        "dealer/{d}/parent", "dealer/{d}/suspend", "dealer/{d}/restore",
    ],
)  # fmt: skip
def test_auditors_read_and_decide_nothing(dealer, path):
    authorization = make_authorization(dealer=dealer)
    territory = Territory.objects.create(
        dealer=dealer, brand_code="XINGCHI", region_code="310000", kind="SALES", valid=authorization.valid
    )
    store = make_store(dealer=dealer)
    path = path.format(a=authorization.pk, t=territory.pk, s=store.pk, d=dealer.pk)
    auditor, hq = client_of(Role.HQ_AUDITOR), client_of(Role.HQ_OPERATOR)
    assert auditor.get(f"{ADMIN}{path}/").status_code == 403
    assert post(auditor, path, reason="x").status_code == 403
    assert hq.get(f"{ADMIN}{path}/").status_code == 200
    assert not ChannelChange.objects.exists()


@pytest.mark.parametrize("table", ["authorization", "territory", "quota", "levelbenefit", "store", "dealer"])
def test_an_absent_row_is_not_found(hq, table):
    paths = {"authorization": "end", "territory": "end", "quota": "number", "store": "close", "dealer": "level"}
    if table in paths:
        assert hq.get(f"{ADMIN}{table}/424242/{paths[table]}/").status_code == 404
    assert hq.get(f"{ADMIN}{table}/").status_code == 200


def test_a_territory_is_assigned_refused_and_ended(hq, dealer):
    other = make_dealer()
    for one in (dealer, other):
        make_authorization(dealer=one, starts_on=today() - DAY)
    data = {
        "brand_code": "XINGCHI",
        "kind": "SALES",
        "region_code": "310100",
        "is_exclusive": "on",
        "starts_on": today().isoformat(),
        "reason": "plan",
    }
    assert post(hq, "territory/assign", dealer=dealer.pk, **data).status_code == 302
    refused = post(hq, "territory/assign", dealer=other.pk, **{**data, "region_code": "310115"})
    assert refused.status_code == 422
    assert dealer.code in refused.content.decode()
    territory = Territory.objects.get()
    assert (
        post(hq, f"territory/{territory.pk}/end", first_day_without=today().isoformat(), reason="x").status_code == 302
    )
    territory.refresh_from_db()
    assert territory.is_void


def test_levels_parents_and_standing_are_decided_with_a_reason(hq, dealer):
    parent = make_dealer()
    assert post(hq, f"dealer/{dealer.pk}/level", level="CORE", reason="").status_code == 422
    assert post(hq, f"dealer/{dealer.pk}/level", level="CORE", reason="1,000 cars").status_code == 302
    assert post(hq, f"dealer/{dealer.pk}/parent", parent=parent.pk, reason="bought").status_code == 302
    assert post(hq, f"dealer/{parent.pk}/parent", parent=dealer.pk, reason="cycle").status_code == 422
    assert post(hq, f"dealer/{dealer.pk}/suspend", reason="audit").status_code == 302
    assert post(hq, f"dealer/{dealer.pk}/suspend", reason="again").status_code == 422
    assert post(hq, f"dealer/{dealer.pk}/restore", reason="passed").status_code == 302
    row = Dealer.objects.get(pk=dealer.pk)
    assert (row.level, row.parent, row.status) == (DealerLevel.CORE, parent, "APPROVED")
    page = hq.get(f"{ADMIN}dealer/{dealer.pk}/change/").content.decode()
    assert "1,000 cars" in page


def test_a_benefit_is_set_from_a_day_on(hq):
    LevelBenefit.objects.all().delete()
    data = {"level": "CORE", "benefit": "REBATE_RATE", "starts_on": today().isoformat()}
    assert post(hq, "levelbenefit/set", value="1.5", **data).status_code == 422
    assert post(hq, "levelbenefit/set", value="0.015", **data).status_code == 302
    assert LevelBenefit.objects.get().valid.lower == today()


def test_a_quota_is_set_and_changed(hq, dealer):
    trim = make_trim()
    series = trim.model.series
    type(series.brand).objects.filter(pk=series.brand_id).update(is_own=True)
    data = {
        "dealer": dealer.pk,
        "vehicle": f"{series.code}/{trim.model.code}",
        "starts_on": "2027-01-01",
        "last_day": "2027-12-31",
        "vehicles": 9,
        "reason": "plan",
    }
    assert post(hq, "quota/set", **data).status_code == 302
    quota = Quota.objects.get()
    assert (quota.model_code, quota.period.upper) == (trim.model.code, date(2028, 1, 1))
    assert post(hq, f"quota/{quota.pk}/number", vehicles=-1, reason="x").status_code == 422
    assert post(hq, f"quota/{quota.pk}/number", vehicles=12, reason="more").status_code == 302
    assert hq.get(f"{ADMIN}quota/{quota.pk}/change/").status_code == 200


def test_a_store_is_opened_moved_closed_and_reopened(hq, dealer):
    place = {
        "district_code": "310115",
        "address_zh": "世纪大道 1 号",
        "address_en": "1 Century Avenue",
        "latitude": "31.23",
        "longitude": "121.53",
    }
    data = {
        "dealer": dealer.pk,
        "code": "ST-NEW",
        "name_zh": "新店",
        "name_en": "New",
        "phone": "021",
        "time_zone": "Asia/Shanghai",
        "has_sales": "on",
        "reason": "opening",
        **place,
    }
    far = post(hq, "store/open", **{**data, "latitude": "39.9", "longitude": "116.4"})
    assert "latitude" in far.context["form"].errors
    assert post(hq, "store/open", **{**data, "district_code": "319999"}).status_code == 422
    assert post(hq, "store/open", **data).status_code == 302
    store = Store.objects.get()
    key = f"store/{store.pk}"
    assert post(hq, f"{key}/hours", mon="09:00-12:00, 13:30-18:00", tue="noon", reason="x").status_code == 422
    assert post(hq, f"{key}/hours", mon="09:00-12:00, 13:30-18:00", reason="x").status_code == 302
    assert post(hq, f"{key}/move", **{**place, "district_code": "310112"}, reason="moved").status_code == 302
    assert post(hq, f"{key}/close", reason="renovation").status_code == 302
    store.refresh_from_db()
    assert store.opening_hours == {"mon": [["09:00", "12:00"], ["13:30", "18:00"]]}
    assert (store.district_code, store.is_open) == ("310112", False)
    assert post(hq, f"{key}/reopen", reason="done").status_code == 302
    assert hq.get(f"{ADMIN}store/{store.pk}/change/").status_code == 200


def test_special_days_are_set_for_several_stores(hq):
    stores = [make_store().pk, make_store().pk]
    data = {
        "stores": stores,
        "first_day": "2026-10-01",
        "last_day": "2026-10-03",
        "spans": "",
        "note_zh": "国庆节",
        "note_en": "National Day",
    }
    assert post(hq, "store/days", **{**data, "note_en": ""}).status_code == 422
    assert post(hq, "store/days", **{**data, "spans": "noon"}).status_code == 422
    assert post(hq, "store/days", **data).status_code == 302
    assert StoreDay.objects.count() == 6


def test_the_coverage_page_draws_and_explains(hq, dealer):
    make_authorization(dealer=dealer, region_code="310000")
    page = hq.get(f"{ADMIN}authorization/coverage/")
    assert page.status_code == 200
    query = {"brand_code": "XINGCHI", "kind": "SALES", "level": "district", "on": "2026-06-10"}
    answer = hq.get(f"{ADMIN}authorization/coverage/", {**query, "region_code": "310115"})
    assert [one.dealer for one in answer.context["coverers"]] == [dealer]
    for wrong in ({"region_code": "000001"}, {"on": "someday"}, {"kind": "RENTAL"}):
        assert hq.get(f"{ADMIN}authorization/coverage/", {**query, **wrong}).status_code == 200


def test_the_way_to_grant_by_a_table_leads_to_the_imports(hq):
    answer = hq.get(f"{ADMIN}authorization/by-table/")
    assert (answer.status_code, answer.url) == (302, "/admin/kernel/importrun/add/?kind=authorizations")
    page = hq.get(answer.url)
    assert page.context["form"]["kind"].value() == "authorizations"
    for filled in ("", "?filled=1"):
        table = hq.get(f"/admin/kernel/importrun/template/authorizations/{filled}")
        assert (table.status_code, table.content[:2]) == (200, b"PK")


def test_a_table_is_tried_and_then_written_by_whom_asked(hq, dealer):
    text = f"dealer,brand,region,kind,first_day,last_day,reason\n{dealer.code},XINGCHI,310100,SALES,2026-01-01,,seven\n"
    file = SimpleUploadedFile("grants.csv", text.encode(), content_type="text/csv")
    answer = hq.post("/admin/kernel/importrun/add/", {"kind": "authorizations", "file": file})
    run = ImportRun.objects.get()
    imports.work(run_id=run.pk, clock=timezone.now)
    assert not Authorization.objects.exists()
    hq.post(f"{answer.url.replace('change/', '')}move/apply/")
    imports.work(run_id=run.pk, clock=timezone.now)
    assert Authorization.objects.get().region_code == "310100"
    assert ChannelChange.objects.get().by_id == run.uploaded_by_id


def test_auditors_import_nothing(dealer):
    auditor = client_of(Role.HQ_AUDITOR)
    assert auditor.get("/admin/kernel/importrun/add/").status_code == 403
    assert auditor.get(f"{ADMIN}authorization/by-table/").status_code == 403
