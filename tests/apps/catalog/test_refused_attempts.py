"""Prices that cannot be asked for change nothing, and leave that they were tried."""

from decimal import Decimal

import pytest

from apps.accounts.api import Role
from apps.catalog.api import (
    Offer,
    OfferPrice,
    PriceChange,
    ProductWish,
    publish_version,
    put_offer,
    set_entries,
    set_offer_price,
    submit_product_proposal,
)
from apps.catalog.errors import (
    AbsurdPrice,
    InvalidPrice,
    InvalidPriceList,
    OfferNotFound,
    PriceListIsHistory,
    ProposalRefused,
)
from apps.catalog.services.price_lists import EntryWish
from apps.kernel.api import AuditEntry, Money, RefusedAttempt
from apps.suppliers.api import SupplierNotApproved, suspend_supplier
from tests.factories.accounts import make_member
from tests.factories.catalog import make_change_rule, make_part, make_price_list_version
from tests.factories.dealers import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(supplier):
    make_change_rule()
    return make_part(price="100.00", organization=supplier.organization, sku="MY-1", site_code="WH-1")


@pytest.fixture
def put(supplier, part, now):
    """Ask for another price of the supplier's offer."""

    def put(price, **changes):
        asked = {
            "sku": "MY-1",
            "organization_id": supplier.organization_id,
            "product_id": part.pk,
            "price": Money.of(price),
            "lead_time_days": 3,
            "site": "WH-1",
            "by": None,
            "now": now,
        }
        return put_offer(**{**asked, **changes})

    return put


def the_attempt(action, code):
    """The one attempt there is; it stands in the sealed trail as well, and nothing about prices changed."""
    attempt = RefusedAttempt.objects.get()
    assert (attempt.action, attempt.code) == (action, code)
    assert AuditEntry.objects.filter(table_name="kernel_refusedattempt", row_id=str(attempt.pk)).count() == 1
    assert {str(price.amount) for price in OfferPrice.objects.all()} == {"100.00"}
    assert not PriceChange.objects.exists()
    return attempt


@pytest.mark.parametrize(
    ("price", "refusal", "code"),
    [
        ("-1.00", InvalidPrice, "invalid_price"),
        ("0.00", InvalidPrice, "invalid_price"),
        ("500.01", AbsurdPrice, "absurd_price"),
    ],
)
def test_a_price_below_zero_or_above_a_sane_jump(put, supplier, price, refusal, code):
    person = make_member(Role.SUPPLIER, supplier.organization)
    with pytest.raises(refusal):
        put(price, by=person)

    attempt = the_attempt("catalog.put_offer", code)
    assert (attempt.subject, attempt.by) == ("MY-1", person)
    assert attempt.asked["price"] == {"amount": price, "currency": "CNY"}
    assert attempt.asked["organization_id"] == supplier.organization_id


def test_a_list_price_below_zero(put):
    with pytest.raises(InvalidPrice) as refusal:
        put("100.00", list_price=Money.of("-5.00"))

    assert "list_price" in refusal.value.fields
    the_attempt("catalog.put_offer", "invalid_price")


def test_a_blocked_supplier(put, supplier, now):
    suspend_supplier(organization_id=supplier.organization_id, reason="licence", by=None, now=now)

    with pytest.raises(SupplierNotApproved):
        put("99.00")

    the_attempt("catalog.put_offer", "supplier_not_approved")


def test_somebody_elses_offer(put):
    other = make_supplier()
    with pytest.raises(OfferNotFound):
        put("99.00", organization_id=other.organization_id)

    assert the_attempt("catalog.put_offer", "not_found").asked["organization_id"] == other.organization_id


def test_headquarters_own_slip(part, now):
    with pytest.raises(InvalidPrice):
        set_offer_price(offer_id=Offer.objects.get().pk, amount=Money.of("-3.00"), by=None, now=now)

    assert the_attempt("catalog.set_offer_price", "invalid_price").subject == str(Offer.objects.get().pk)


def test_price_lists_that_leave_no_price_and_rewritten_history(part, now):
    version = make_price_list_version(part, now=now)
    wish = EntryWish(part.pk, "PERCENT", Decimal(-100))
    with pytest.raises(InvalidPriceList):
        set_entries(version_id=version.pk, entries=[wish], by=None, now=now)
    publish_version(version_id=version.pk, starts_at=now, by=None, now=now)
    with pytest.raises(PriceListIsHistory):
        set_entries(version_id=version.pk, entries=[], by=None, now=now)

    codes = RefusedAttempt.objects.order_by("pk").values_list("action", "code")
    assert list(codes) == [
        ("catalog.set_entries", "invalid_price_list"),
        ("catalog.set_entries", "price_list_is_history"),
    ]
    assert version.entries.get().value == -10


def test_by_the_api_a_price_below_zero_is_refused_by_name_and_kept(supplier_api, part):
    body = {
        "product_id": part.pk,
        "price": {"amount": "-1.00", "currency": "CNY"},
        "lead_time_days": 3,
        "site": "WH-1",
    }
    answer = supplier_api.put("/api/v1/supplier/offers/MY-1/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_price")
    assert "price" in answer.json()["fields"]
    the_attempt("catalog.put_offer", "invalid_price")


def test_a_product_proposed_below_zero(supplier, part, now):
    wish = ProductWish(
        sku="NEW-1",
        category_code="PART-FILTER",
        price="-58.00",
        lead_time_days=3,
        sites=["WH-1"],
        **dict.fromkeys(("title_zh", "title_en"), "空调滤芯 Cabin filter"),
    )
    with pytest.raises(ProposalRefused):
        submit_product_proposal(organization_id=supplier.organization_id, wish=wish, by=None, now=now)

    attempt = the_attempt("catalog.submit_product_proposal", "proposal_refused")
    assert (attempt.subject, attempt.asked["wish.price"]) == ("NEW-1", "-58.00")
