"""Sites: opened, described anew, closed once nothing lies there."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from apps.accounts.api import Role
from apps.dealers.errors import PositionFarFromCity
from apps.inventory.api import (
    Site,
    SiteKind,
    SiteWish,
    StockLevel,
    change_site,
    close_site,
    list_own_sites,
    name_place,
    open_site,
    receive,
    receive_unit,
    set_on_hand,
    what_lies_at,
)
from apps.inventory.errors import (
    InvalidSite,
    SiteClosed,
    SiteCodeTaken,
    SiteInUse,
    SiteNameTaken,
    SiteNotEmpty,
    TooManySites,
    UnknownPlace,
    UnknownSite,
)
from apps.inventory.services import sites as service
from apps.kernel.api import AuditEntry, RefusedAttempt, ports
from tests.factories.accounts import make_member
from tests.factories.catalog import make_part, make_trim
from tests.factories.dealers import make_organization, make_supplier
from tests.factories.orders import make_vin

WISH = SiteWish(
    name_zh="苏州中心仓",
    name_en="Suzhou warehouse",
    province="江苏省",
    city="苏州市",
    district="吴中区",
    address="星湖街 218 号",
)


@pytest.fixture
def supplier(db):
    """A supplier without a site."""
    return make_supplier().organization


@pytest.fixture
def site(supplier, now):
    """Its first site."""
    return open_site(organization_id=supplier.pk, wish=WISH, by=None, now=now)


def refusals(organization) -> list[tuple[str, str]]:
    """What was refused to an organization."""
    rows = RefusedAttempt.objects.filter(asked__organization_id=organization.pk).order_by("pk")
    return list(rows.values_list("action", "code"))


def test_a_site_opens_with_a_code_of_its_own_in_its_district_and_leaves_a_trail(supplier, site, now):
    assert site.code == f"{supplier.code}-suzhou"
    assert (site.kind, site.opened_at, site.region_code) == (SiteKind.SUPPLIER_WAREHOUSE, now, "320506")
    assert name_place(site.region_code) == ("江苏省", "苏州市", "吴中区")
    assert (round(site.latitude), round(site.longitude)) == (31, 121)
    assert list(list_own_sites(supplier.pk)) == [site]
    assert AuditEntry.objects.filter(table_name="inventory_site", row_id=site.pk, operation="INSERT").exists()
    assert ports.adapter("catalog.site_directory").ships_for(site_code=site.code, organization_id=supplier.pk)


def test_the_next_site_of_a_city_gets_the_next_code(supplier, site, now):
    second = open_site(organization_id=supplier.pk, wish=replace(WISH, name_zh="苏州二仓"), by=None, now=now)

    assert second.code == f"{supplier.code}-suzhou-2"


def test_places_are_read_in_both_languages_and_without_their_kind(supplier, now):
    wish = replace(WISH, province="jiangsu", city="Suzhou", district="wuzhong")

    assert open_site(organization_id=supplier.pk, wish=wish, by=None, now=now).region_code == "320506"


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"name_zh": "仓"}, InvalidSite, "name_zh"),
        ({"name_zh": "仓" * 81}, InvalidSite, "name_zh"),
        ({"name_zh": "Warehouse"}, InvalidSite, "name_zh"),
        ({"name_en": ""}, InvalidSite, "name_en"),
        ({"address": " "}, InvalidSite, "address"),
        ({"address": "路" * 201}, InvalidSite, "address"),
        ({"latitude": Decimal("31.3")}, InvalidSite, "latitude"),
        ({"latitude": Decimal(200), "longitude": Decimal(0)}, InvalidSite, "latitude"),
        ({"latitude": Decimal("NaN"), "longitude": Decimal(120)}, InvalidSite, "latitude"),
        ({"latitude": Decimal("39.9"), "longitude": Decimal("116.4")}, PositionFarFromCity, "latitude"),
        ({"province": "Atlantis"}, UnknownPlace, "province"),
        ({"city": "广州市"}, UnknownPlace, "city"),
        ({"district": "天河区"}, UnknownPlace, "district"),
        ({"district": ""}, UnknownPlace, "district"),
    ],
)
def test_what_cannot_be_is_refused_by_field_opens_nothing_and_is_noted(supplier, now, changes, error, field):
    with pytest.raises(error) as refusal:
        open_site(organization_id=supplier.pk, wish=replace(WISH, **changes), by=None, now=now)

    assert field in refusal.value.fields
    assert not Site.objects.filter(organization=supplier).exists()
    assert refusals(supplier) == [("inventory.open_site", error.code)]


@pytest.mark.parametrize("code", ["has space", "x" * 41, "中文", "a/b", "a@b"])
def test_a_code_is_short_and_plain(supplier, now, code):
    with pytest.raises(InvalidSite) as refusal:
        open_site(organization_id=supplier.pk, wish=WISH, code=code, by=None, now=now)

    assert "code" in refusal.value.fields


def test_a_code_is_given_once_whosever_it_is(supplier, site, now):
    with pytest.raises(SiteCodeTaken):
        open_site(organization_id=make_supplier().organization_id, wish=WISH, code=site.code.upper(), by=None, now=now)

    assert Site.objects.count() == 1


def test_a_name_is_given_once_among_the_open_sites_of_one_organization(supplier, site, now):
    with pytest.raises(SiteNameTaken):
        open_site(organization_id=supplier.pk, wish=WISH, by=None, now=now)
    open_site(organization_id=make_supplier().organization_id, wish=WISH, by=None, now=now)
    close_site(organization_id=supplier.pk, site_code=site.code, by=None, now=now)

    open_site(organization_id=supplier.pk, wish=WISH, by=None, now=now)


def test_a_kind_suits_the_organization(supplier, now):
    with pytest.raises(InvalidSite):
        open_site(organization_id=supplier.pk, wish=WISH, kind=SiteKind.PLANT, by=None, now=now)

    house = make_organization(kind="HQ")
    assert open_site(organization_id=house.pk, wish=WISH, kind=SiteKind.PLANT, by=None, now=now).kind == SiteKind.PLANT


def test_there_is_an_end_to_sites(supplier, site, now, monkeypatch):
    monkeypatch.setattr(service, "MOST_SITES", 1)

    with pytest.raises(TooManySites):
        open_site(organization_id=supplier.pk, wish=replace(WISH, name_zh="另一仓"), by=None, now=now)


def test_a_site_is_described_anew_and_keeps_its_code(supplier, site, now):
    wish = replace(WISH, name_zh="无锡仓", city="无锡市", district="滨湖区")

    changed = change_site(organization_id=supplier.pk, site_code=site.code, wish=wish, by=None, now=now)

    site.refresh_from_db()
    assert (site.name_zh, site.code, site.region_code[:4]) == ("无锡仓", changed.code, "3202")


@pytest.mark.parametrize("change", [change_site, close_site])
def test_a_foreign_site_reads_like_none(supplier, site, now, change):
    other = make_supplier().organization
    details = {"wish": replace(WISH, name_zh="抢来的仓")} if change is change_site else {}

    for code in (site.code, "absent"):
        with pytest.raises(UnknownSite):
            change(organization_id=other.pk, site_code=code, by=None, now=now, **details)

    site.refresh_from_db()
    assert (site.name_zh, site.is_open) == (WISH.name_zh, True)


@pytest.fixture
def part(supplier, site):
    """A part the supplier offers from its site."""
    return make_part(organization=supplier, stock=0, site_code=site.code)


def close(organization, site, now):
    """Close it."""
    return close_site(organization_id=organization.pk, site_code=site.code, by=None, now=now)


def test_a_site_with_stock_stays_open_until_it_is_counted_down(supplier, site, now):
    elsewhere = make_part()
    receive(product_id=elsewhere.pk, site_code=site.code, quantity=3, cause="seed", by=None, now=now)
    assert what_lies_at([site.pk]) == {site.pk: (3, 0)}

    with pytest.raises(SiteNotEmpty) as refusal:
        close(supplier, site, now)
    assert refusal.value.context == {"pieces": 3, "vehicles": 0}
    site.refresh_from_db()
    assert site.is_open

    set_on_hand(product_id=elsewhere.pk, site_code=site.code, on_hand=0, by=None, now=now)
    close(supplier, site, now)
    assert not list_own_sites(supplier.pk).exists()
    assert list(list_own_sites(supplier.pk, is_open=False)) == [site]


def test_a_site_with_a_vehicle_stays_open(db, now):
    house = make_organization(kind="HQ")
    plant = open_site(organization_id=house.pk, wish=WISH, kind=SiteKind.PLANT, by=None, now=now)
    receive_unit(vin=make_vin(), product_id=make_trim().product_id, site_code=plant.code, by=None, now=now)

    with pytest.raises(SiteNotEmpty) as refusal:
        close(house, plant, now)
    assert refusal.value.context["vehicles"] == 1


def test_a_site_that_offers_ship_from_stays_open(supplier, site, part, now):
    with pytest.raises(SiteInUse) as refusal:
        close(supplier, site, now)

    assert refusal.value.context["offers"] == part.offers.get().sku
    assert refusals(supplier) == [("inventory.close_site", "site_in_use")]


def test_a_closed_site_takes_nothing_and_is_closed_once(supplier, site, now):
    close(supplier, site, now)
    product = make_part()

    with pytest.raises(SiteClosed):
        close(supplier, site, now)
    with pytest.raises(SiteClosed):
        change_site(organization_id=supplier.pk, site_code=site.code, wish=WISH, by=None, now=now)
    with pytest.raises(SiteClosed):
        receive(product_id=product.pk, site_code=site.code, quantity=1, cause="late", by=None, now=now)
    with pytest.raises(SiteClosed):
        set_on_hand(product_id=product.pk, site_code=site.code, on_hand=1, by=None, now=now)

    assert not StockLevel.objects.filter(site=site).exists()
    assert not ports.adapter("catalog.site_directory").ships_for(site_code=site.code, organization_id=supplier.pk)


@pytest.mark.django_db(transaction=True)
def test_a_count_and_a_closing_at_once_never_leave_stock_at_a_closed_site(now):
    supplier = make_supplier().organization
    site = open_site(organization_id=supplier.pk, wish=WISH, by=None, now=now)
    product = make_part()
    set_on_hand(product_id=product.pk, site_code=site.code, on_hand=0, by=None, now=now)
    gate = Barrier(2)

    def run(act) -> str:
        try:
            gate.wait()
            act()
        except (SiteClosed, SiteNotEmpty) as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    def count() -> None:
        set_on_hand(product_id=product.pk, site_code=site.code, on_hand=5, by=None, now=now)

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(run, [count, lambda: close(supplier, site, now)]))

    site.refresh_from_db()
    lying = what_lies_at([site.pk])
    assert outcomes in ({"done", "site_closed"}, {"done", "site_not_empty"})
    assert site.is_open == bool(lying)


class TestHeadquarters:
    """The pages of the admin."""

    @pytest.fixture
    def operator(self, db, client, settings):
        """Somebody at headquarters who may."""
        settings.MFA_REQUIRED_ROLES = []
        client.force_login(make_member(Role.HQ_OPERATOR), backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    def test_opens_changes_and_closes_a_site(self, operator, supplier):
        form = {**{name: getattr(WISH, name) for name in ("name_zh", "name_en", "province", "city", "district")}}
        form |= {"address": WISH.address, "organization": supplier.pk, "kind": "", "code": "szx-1"}
        opening = reverse("admin:inventory_site_open_new")
        assert operator.get(opening).status_code == 200
        assert operator.post(opening, {**form, "city": "nowhere"}).status_code == 422
        assert not Site.objects.exists()

        assert operator.post(opening, form).status_code == 302
        site = Site.objects.get()
        assert (site.code, site.organization, site.kind) == ("szx-1", supplier, SiteKind.SUPPLIER_WAREHOUSE)
        assert operator.get(reverse("admin:inventory_site_change", args=[site.pk])).status_code == 200

        changing = reverse("admin:inventory_site_change_site", args=[site.pk])
        assert WISH.address in operator.get(changing).content.decode()
        operator.post(changing, {**form, "name_zh": "新名字"})
        site.refresh_from_db()
        assert site.name_zh == "新名字"

        listing = reverse("admin:inventory_site_changelist")
        operator.post(listing, {"action": "close_chosen", "_selected_action": [site.pk]})
        site.refresh_from_db()
        assert not site.is_open
        assert operator.get(listing, {"open": "0"}).status_code == 200

    def test_an_auditor_only_looks(self, client, supplier, site, settings):
        settings.MFA_REQUIRED_ROLES = []
        client.force_login(make_member(Role.HQ_AUDITOR), backend=settings.AUTHENTICATION_BACKENDS[-1])

        assert client.get(reverse("admin:inventory_site_changelist")).status_code == 200
        assert client.get(reverse("admin:inventory_site_open_new")).status_code == 403
        assert client.post(reverse("admin:inventory_site_change_site", args=[site.pk]), {}).status_code == 403
