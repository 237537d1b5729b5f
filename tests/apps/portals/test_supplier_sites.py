"""A supplier's sites: opened, described anew and closed on its own pages."""

import pytest
from django.urls import reverse

from apps.accounts.api import Role
from apps.inventory.api import Site, list_own_sites
from apps.kernel.api import RefusedAttempt
from tests.factories.dealers import make_supplier

FORM = {
    "name_zh": "苏州中心仓",
    "name_en": "Suzhou warehouse",
    "province": "江苏",
    "city": "苏州",
    "district": "吴中",
    "address": "星湖街 218 号",
    "latitude": "",
    "longitude": "",
    "code": "",
}


@pytest.fixture
def newcomer(shop):
    """A supplier that was approved just now and has no site."""
    return make_supplier().organization


@pytest.fixture
def manager(sign_in, newcomer):
    """Its manager."""
    return sign_in(Role.SUPPLIER, newcomer)


def text_of(answer) -> str:
    """The words of a page."""
    return answer.content.decode()


def test_the_to_do_list_of_a_supplier_without_a_site_begins_with_it(manager, sign_in, newcomer):
    page = text_of(manager.get(reverse("supplier-home")))
    assert "You have no site yet" in page
    assert page.index("First of all") < page.index("Orders to accept")
    assert reverse("supplier-site-open") in text_of(manager.get(reverse("supplier-sites")))

    manager.post(reverse("supplier-site-open"), FORM)

    assert "You have no site yet" not in text_of(manager.get(reverse("supplier-home")))


def test_a_manager_opens_a_site_and_is_told_its_code(manager, newcomer):
    assert manager.get(reverse("supplier-site-open")).status_code == 200

    page = text_of(manager.post(reverse("supplier-site-open"), FORM, follow=True))

    site = list_own_sites(newcomer.pk).get()
    assert site.code in page
    assert "Wuzhong" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_zh", "", "required"),
        ("city", "亚特兰蒂斯", "no such place"),
        ("latitude", "abc", "number"),
        ("code", "a b", "hyphens"),
    ],
)
def test_a_wrong_entry_keeps_the_others_opens_nothing_and_is_noted(manager, newcomer, field, value, words):
    answer = manager.post(reverse("supplier-site-open"), {**FORM, field: value})

    page = text_of(answer)
    assert answer.status_code == 422
    assert words in page
    assert f'href="#id_{field}"' in page
    assert FORM["address"] in page
    assert not Site.objects.filter(organization=newcomer).exists()
    refused = RefusedAttempt.objects.get(asked__organization_id=newcomer.pk)
    assert list(refused.context["fields"]) == [field]


@pytest.fixture
def site(manager, newcomer):
    """Its first site."""
    manager.post(reverse("supplier-site-open"), FORM)
    return list_own_sites(newcomer.pk).get()


def test_a_manager_renames_and_closes_a_site(manager, newcomer, site):
    page, change = reverse("supplier-site", args=[site.code]), reverse("supplier-site-change", args=[site.code])
    assert "Jiangsu" in text_of(manager.get(page))
    assert manager.post(change, {**FORM, "name_zh": ""}).status_code == 422
    manager.post(change, {**FORM, "name_zh": "吴中仓"})
    site.refresh_from_db()
    assert site.name_zh == "吴中仓"

    manager.post(reverse("supplier-site-close", args=[site.code]))

    assert not list_own_sites(newcomer.pk).exists()
    assert "Closed on" in text_of(manager.get(page))
    assert "Closed sites" in text_of(manager.get(reverse("supplier-sites")))
    assert manager.post(change, FORM).status_code == 409


def test_a_site_with_stock_says_why_it_stays_open(shop, sign_in):
    shop.part(stock=4)
    manager = sign_in(Role.SUPPLIER, shop.supplier)

    answer = manager.post(reverse("supplier-site-close", args=[shop.warehouse.code]), follow=True)

    assert "still holds stock" in text_of(answer)
    shop.warehouse.refresh_from_db()
    assert shop.warehouse.is_open
    assert RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk).code == "site_not_empty"


def test_a_clerk_looks_and_changes_nothing(sign_in, newcomer, site):
    clerk = sign_in(Role.SUPPLIER_CLERK, newcomer)
    page = reverse("supplier-site", args=[site.code])

    assert "Save" not in text_of(clerk.get(page))
    assert clerk.get(reverse("supplier-sites")).status_code == 200
    assert clerk.get(reverse("supplier-site-open")).status_code == 403
    assert clerk.post(reverse("supplier-site-change", args=[site.code]), {**FORM, "name_zh": "改名"}).status_code == 403
    assert clerk.post(reverse("supplier-site-close", args=[site.code])).status_code == 403
    site.refresh_from_db()
    assert (site.name_zh, site.is_open) == (FORM["name_zh"], True)


def test_a_foreign_site_reads_like_none(manager, shop):
    for code in (shop.warehouse.code, "absent"):
        assert manager.get(reverse("supplier-site", args=[code])).status_code == 404
        assert manager.post(reverse("supplier-site-change", args=[code]), FORM).status_code == 404
        assert manager.post(reverse("supplier-site-close", args=[code])).status_code == 404
