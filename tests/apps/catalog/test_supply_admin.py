"""HQ's queues and price lists in the admin: they show what there is, and every button is one service."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.api import Role, User
from apps.catalog.api import (
    LineRequest,
    Offer,
    OfferPrice,
    PriceChange,
    PriceList,
    PriceListVersion,
    ProductProposal,
    ProductWish,
    put_offer,
    quote_lines,
    submit_product_proposal,
)
from apps.catalog.policies.entry_lines import parse_entry_lines, write_entry_line
from apps.kernel.api import Money
from tests.factories.accounts import make_member
from tests.factories.catalog import (
    make_change_rule,
    make_headquarters,
    make_leaf_category,
    make_part,
    make_price_list_version,
    make_tax_rates,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq(client, settings):
    settings.MFA_REQUIRED_ROLES = []
    client.force_login(User.objects.create_superuser("root@example.com", "a-long-enough-password"))
    return client


@pytest.fixture
def change(supplier):
    """A price that rises from 100.00 to 150.00 and waits."""
    make_change_rule()
    part = make_part(organization=supplier.organization, price="100.00", sku="OIL-1")
    offer = part.offers.get()
    put_offer(
        sku="OIL-1",
        organization_id=supplier.organization_id,
        product_id=part.pk,
        price=Money.of("150.00"),
        lead_time_days=2,
        site="WH-1",
        by=None,
        now=timezone.now(),
    )
    return PriceChange.objects.get(offer=offer)


@pytest.fixture
def proposal(supplier):
    make_tax_rates()
    make_leaf_category("PART-FILTER")
    return submit_product_proposal(
        organization_id=supplier.organization_id,
        wish=ProductWish(
            sku="CAB-1",
            category_code="PART-FILTER",
            title_zh="空调滤芯 活性炭",
            title_en="Cabin filter",
            price="58.00",
            lead_time_days=3,
            sites=["WH-1"],
        ),
        by=None,
        now=timezone.now(),
    )


def in_force(offer: Offer) -> Decimal:
    return OfferPrice.objects.get(offer=offer, valid__upper_inf=True).amount


def page(name: str, *args: int) -> str:
    return reverse(f"admin:catalog_{name}", args=args)


def test_a_price_is_approved_from_its_page(hq, change):
    shown = hq.get(page("pricechange_change", change.pk)).content.decode()
    assert "+50.0%" in shown

    answer = hq.post(page("pricechange_change", change.pk), {"accept": "", "note": ""})

    assert answer.status_code == 302
    assert in_force(change.offer) == Decimal("150.00")
    assert hq.get(page("pricechange_changelist")).status_code == 200


def test_a_rejection_needs_a_reason_and_keeps_what_was_written(hq, change):
    refused = hq.post(page("pricechange_change", change.pk), {"reject": "", "note": ""})
    assert refused.status_code == 422
    assert PriceChange.objects.get().status == "WAITING"

    assert hq.post(page("pricechange_change", change.pk), {"reject": "", "note": "太高"}).status_code == 302
    assert (PriceChange.objects.get().status, PriceChange.objects.get().note) == ("REJECTED", "太高")
    assert in_force(change.offer) == Decimal("100.00")
    # Decided, it is not decided again.
    assert hq.post(page("pricechange_change", change.pk), {"accept": "", "note": ""}).status_code == 422


def test_prices_are_approved_by_the_dozen(hq, change):
    hq.post(page("pricechange_changelist"), {"action": "approve", "_selected_action": [change.pk]})

    assert in_force(change.offer) == Decimal("150.00")


def test_the_offers_page_says_what_waits_and_where_it_stands(hq, change):
    shown = hq.get(page("offer_change", change.offer_id)).content.decode()

    assert page("pricechange_change", change.pk) in shown


def test_a_proposal_is_accepted_or_rejected_from_its_page(hq, proposal):
    shown = hq.get(page("productproposal_change", proposal.pk)).content.decode()
    assert "空调滤芯 活性炭" in shown
    assert hq.post(page("productproposal_change", proposal.pk), {"reject": "", "note": " "}).status_code == 422

    assert hq.post(page("productproposal_change", proposal.pk), {"accept": "", "note": ""}).status_code == 302

    assert ProductProposal.objects.get().status == "ACCEPTED"
    assert Offer.objects.get(sku="CAB-1").stock_record.price == Decimal("58.00")


def test_an_unknown_page_is_missing(hq):
    for name in ("pricechange_change", "productproposal_change", "pricelistversion_change"):
        assert hq.get(page(name, 424242)).status_code in (302, 404)
    assert hq.post(page("pricelist_draft", 424242)).status_code == 404
    assert hq.get(page("pricelist_draft", 424242)).status_code == 405


def test_a_price_list_from_its_making_to_its_end(hq):
    part = make_part(price="100.00", upc="FLT-1")
    body = {"code": "SALE", "layer": "CAMPAIGN", "name_zh": "促销", "name_en": "Sale", "currency": "CNY"}
    inline = {f"versions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}

    assert hq.post(page("pricelist_add"), {**body, **inline}).status_code == 302
    price_list = PriceList.objects.get(code="SALE")
    assert hq.get(page("pricelist_change", price_list.pk)).status_code == 200
    assert hq.post(page("pricelist_draft", price_list.pk)).status_code == 302
    version = PriceListVersion.objects.get()
    address = page("pricelistversion_change", version.pk)

    assert hq.post(address, {"act": "entries", "lines": "FLT-1 minus ten"}).status_code == 422
    assert hq.post(address, {"act": "entries", "lines": "FLT-9 90.00"}).status_code == 422
    assert hq.post(address, {"act": "publish"}).status_code == 422
    assert not version.entries.exists()

    assert hq.post(address, {"act": "entries", "lines": "FLT-1  -10 %"}).status_code == 302
    preview = hq.get(address).content.decode()
    assert "100.00" in preview
    assert "90.00" in preview
    assert hq.post(address, {"act": "publish"}).status_code == 302
    (quote,) = quote_lines([LineRequest(part.pk, 1)], at=timezone.now())
    assert quote.unit_price == Money.of("90.00")
    assert hq.get(address, {"at": "2030-01-01T00:00"}).status_code == 200
    assert hq.post(address, {"act": "entries", "lines": "FLT-1 -90 %"}).status_code == 422

    assert hq.post(address, {"act": "end"}).status_code == 302
    (quote,) = quote_lines([LineRequest(part.pk, 1)], at=timezone.now())
    assert quote.unit_price == Money.of("100.00")


def test_a_list_that_does_not_name_what_its_layer_needs_is_refused_on_the_page(hq):
    body = {"code": "EAST", "layer": "REGION", "name_zh": "华东", "name_en": "East", "currency": "CNY"}
    inline = {f"versions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}

    hq.post(page("pricelist_add"), {**body, **inline})

    assert not PriceList.objects.exists()


def test_asks_why_a_price_is_what_it_is(hq):
    now = timezone.now()
    part = make_part(price="100.00", upc="FLT-1", sku="SKU-OF-FLT")
    make_price_list_version(part, now=now, layer="REGION", region_code="310000")
    hq.post(page("pricelistversion_change", PriceListVersion.objects.get().pk), {"act": "publish"})
    later = timezone.now() + timedelta(minutes=1)
    at = timezone.localtime(later).strftime("%Y-%m-%dT%H:%M")

    for number in ("FLT-1", "SKU-OF-FLT"):
        shown = hq.get(page("pricelist_why"), {"number": number, "region": "310115", "at": at}).content.decode()
        assert "90.00" in shown
    assert hq.get(page("pricelist_why")).status_code == 200
    assert 'role="alert"' in hq.get(page("pricelist_why"), {"number": "NOTHING"}).content.decode()

    (quote,) = quote_lines([LineRequest(part.pk, 1)], at=later)
    trace = {"trace": json.dumps(quote.price_trace), "at": later.isoformat()}
    assert "100.00" in hq.get(page("pricelist_why"), trace).content.decode()


@pytest.mark.parametrize(
    "trace", ["{}", "[]", "nonsense", '{"offer_price": "x"}', '{"offer_price": 99999999999999999999}']
)
def test_a_forged_trace_is_told_to_be_unknown(trace, hq):
    shown = hq.get(page("pricelist_why"), {"trace": trace, "at": timezone.now().isoformat()})

    assert shown.status_code == 200
    assert 'role="alert"' in shown.content.decode()


def test_lines_read_as_they_are_written():
    lines, wrong = parse_entry_lines("A-1 99.00\n\nA-2, -20.00\nA-3\t+5 %\nA-4；-2.50％\nA-5 ¥1,299.00\nA-6\nA-7 1.234")

    assert [(row.number, row.method, row.value) for row in lines] == [
        ("A-1", "PRICE", Decimal("99.00")),
        ("A-2", "AMOUNT", Decimal("-20.00")),
        ("A-3", "PERCENT", Decimal(5)),
        ("A-4", "PERCENT", Decimal("-2.50")),
        ("A-5", "PRICE", Decimal("1299.00")),
    ]
    assert wrong == ["A-6", "A-7 1.234"]
    for row in lines:
        again, _wrong = parse_entry_lines(write_entry_line(row.number, row.method, row.value))
        assert again == [row]


def test_headquarters_asks_the_api_and_nobody_else_does(api, settings, supplier, now):
    settings.MFA_REQUIRED_ROLES = []
    part = make_part(price="100.00")
    asked = {"product_id": part.pk, "at": now.isoformat()}
    address = "/api/v1/prices/explain/"

    assert api.get(address, asked).status_code == 401
    api.force_authenticate(make_member(Role.SUPPLIER, supplier.organization))
    assert api.get(address, asked).status_code == 403
    api.force_authenticate(make_member(Role.HQ_OPERATOR, make_headquarters()))

    answer = api.get(address, asked).json()
    assert (answer["base"], answer["price"], answer["lines"]) == (
        {"amount": "100.00", "currency": "CNY"},
        {"amount": "100.00", "currency": "CNY"},
        [],
    )
    assert answer["trace"]["offer_price"]
    assert api.get(address, {"product_id": 424242}).status_code == 404
    assert api.get(address, {"product_id": "x", "region": "31"}).status_code == 400
