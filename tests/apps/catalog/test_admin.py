"""HQ's pages: they open, they write through services, they delete nothing."""

from decimal import Decimal

import pytest
from django.contrib.admin import site
from django.urls import reverse

from apps.accounts.api import User
from apps.catalog.api import Offer, OfferPrice, OfferStatus, ProductInfo, ProductQuery, search_products
from apps.dealers.api import DealerStatus
from apps.suppliers.api import SupplierStatus
from tests.factories.catalog import make_fitment, make_package, make_part, make_rule, make_trim
from tests.factories.dealers import make_authorization, make_dealer, make_store, make_supplier

pytestmark = pytest.mark.django_db

OURS = [model for model in site._registry if model._meta.app_label in ("catalog", "dealers", "suppliers")]


@pytest.fixture
def world():
    trim = make_trim()
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW", trim=trim)
    make_fitment(make_part(), trim)
    make_package()
    make_authorization(dealer=make_store().dealer)
    return trim


@pytest.fixture
def hq(client, settings):
    settings.MFA_REQUIRED_ROLES = []
    client.force_login(User.objects.create_superuser("root@example.com", "a-long-enough-password"))
    return client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_every_list_and_page_opens_and_nothing_can_be_deleted(model, hq, world):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert hq.get(reverse(f"{name}_changelist")).status_code == 200
    assert hq.get(reverse(f"{name}_changelist"), {"q": "x"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert hq.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert hq.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def management_form(prefix: str) -> dict[str, str]:
    return {f"{prefix}-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}


def test_a_new_price_is_a_new_version(hq):
    offer = make_part(price="120.00").offers.get()
    body = {"price": "99.50", "list_price": "130.00", **management_form("prices")}

    answer = hq.post(reverse("admin:catalog_offer_change", args=[offer.pk]), body)

    assert answer.status_code == 302
    versions = OfferPrice.objects.filter(offer=offer).order_by("pk")
    assert [(row.amount, row.list_amount) for row in versions] == [
        (Decimal("120.00"), None),
        (Decimal("99.50"), Decimal("130.00")),
    ]
    assert versions[1].set_by.email == "root@example.com"


def test_a_wrong_price_is_told_and_changes_nothing(hq):
    offer = make_part(price="120.00").offers.get()

    answer = hq.post(
        reverse("admin:catalog_offer_change", args=[offer.pk]), {"price": "-1", **management_form("prices")}
    )

    assert answer.status_code == 200
    assert OfferPrice.objects.get(offer=offer).amount == Decimal("120.00")


def test_an_edited_product_is_found_by_its_new_title(hq):
    info = make_part(title="机油滤清器").info
    body = {
        "title_zh": "空调滤芯",
        "title_en": "Cabin filter",
        "brand": info.brand_id,
        "tax_class": "GOODS",
        "attributes": "[]",
    }

    assert hq.post(reverse("admin:catalog_productinfo_change", args=[info.pk]), body).status_code == 302

    assert [card.title_zh for card in search_products(ProductQuery(q="空调滤芯")).items] == ["空调滤芯"]
    assert search_products(ProductQuery(q="机油")).items == []


def act(hq, model: str, action: str, *pks: int):
    url = reverse(f"admin:{model}_changelist")
    return hq.post(url, {"action": action, "_selected_action": pks}, follow=True)


def test_offers_are_paused_and_resumed_and_refusals_are_told(hq):
    offer = make_part().offers.get()

    act(hq, "catalog_offer", "pause", offer.pk)
    assert Offer.objects.get().status == OfferStatus.PAUSED
    again = act(hq, "catalog_offer", "pause", offer.pk)
    assert [message.level_tag for message in again.context["messages"]] == ["error"]
    act(hq, "catalog_offer", "resume", offer.pk)
    assert Offer.objects.get().status == OfferStatus.ACTIVE


def test_trims_are_withdrawn_and_published(hq):
    trim = make_trim()

    act(hq, "catalog_trim", "withdraw", trim.pk)
    assert not ProductInfo.objects.get(pk=trim.product_id).product.is_public
    act(hq, "catalog_trim", "publish", trim.pk)
    assert ProductInfo.objects.get(pk=trim.product_id).product.is_public


def test_partners_are_suspended_and_restored(hq):
    dealer, supplier = make_dealer(), make_supplier()

    for model, partner, status in (
        ("dealers_dealer", dealer, DealerStatus),
        ("suppliers_supplier", supplier, SupplierStatus),
    ):
        act(hq, model, "suspend", partner.pk)
        partner.refresh_from_db()
        assert partner.status == status.SUSPENDED
        act(hq, model, "restore", partner.pk)
        partner.refresh_from_db()
        assert partner.status == status.APPROVED
