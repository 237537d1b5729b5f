"""Importing offers: one organization's own, prices by the rules, undo to the same rows."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from apps.catalog.api import (
    Offer,
    OfferPrice,
    PriceChange,
    ProductInfo,
    ReviewState,
    approve_price_change,
    offer_review_state,
    set_offer_price,
)
from apps.kernel.api import ImportRow, Money, OutboxEvent, imports
from apps.suppliers.api import suspend_supplier
from tests.apps.catalog.conftest import make_site
from tests.factories.catalog import make_change_rule, make_headquarters, make_offer, make_part, make_product, make_trim
from tests.factories.dealers import make_supplier
from tests.races import meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(supplier):
    """Two products of the shop, a second site, the rules of prices."""
    make_site("WH-2", supplier.organization)
    make_change_rule()
    return [make_product(upc=f"OIL-{number}") for number in (1, 2)]


@pytest.fixture
def run(supplier, now):
    """Import rows for the supplier: ``run([{…}, …])``."""

    def run(rows, *, organization=None, apply=True, at=now):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        scope = f"organization:{organization or supplier.organization_id}"
        upload = ContentFile(text.getvalue().encode(), name="offers.csv")
        made = imports.upload(kind="offers", upload=upload, by=None, now=at, scope=scope)
        imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        if apply and made.count("planned", "REFUSED") < made.total:
            imports.request_apply(run_id=made.pk, by=None, now=at)
            imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        return made

    return run


def row(**changes):
    return {
        "sku": "MY-1", "product": "OIL-1", "price": "58.00", "list_price": "", "lead_time_days": "4",
        "minimum_quantity": "2", "sites": "WH-1; WH-2", **changes,
    }  # fmt: skip


def problems_of(run) -> list[tuple[str, str]]:
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return [(problem["field"], problem["code"]) for one in rows for problem in one.problems]


def test_makes_offers_with_prices_sites_and_minimum(run, shelf, supplier, now):
    made = run([row(), row(sku="MY-2", product="OIL-2", price="99.00", minimum_quantity="", sites="WH-2")])

    offer, other = Offer.objects.order_by("sku")
    assert made.counts["applied"] == {"CREATED": 2, "REFUSED": 0}
    assert (offer.site_codes, offer.minimum_quantity, offer.lead_time_days) == (("WH-1", "WH-2"), 2, 4)
    assert (other.site_codes, other.minimum_quantity) == (("WH-2",), 1)
    assert offer.stock_record.price == Decimal("58.00")
    assert offer.seller.organization_id == supplier.organization_id
    assert ProductInfo.objects.get(pk=shelf[0].pk).shown_offer == offer
    assert OutboxEvent.objects.filter(name="catalog.product_changed.v1").exists()


def test_a_dry_run_writes_nothing(run, shelf):
    made = run([row(), row(sku="MY-2", product="OIL-2", price="-1")], apply=False)

    assert made.counts["planned"] == {"NEW": 1, "REFUSED": 1}
    assert not Offer.objects.exists()


def test_what_the_file_leaves_out_stays(run, shelf, now):
    run([row(list_price="70.00")])

    run([{"sku": "MY-1", "price": "60.00"}], at=now + timedelta(days=1))

    offer = Offer.objects.get()
    version = OfferPrice.objects.get(valid__upper_inf=True)
    assert (offer.site_codes, offer.minimum_quantity, offer.lead_time_days) == (("WH-1", "WH-2"), 2, 4)
    assert (version.amount, version.list_amount) == (Decimal("60.00"), Decimal("70.00"))
    assert run([{"sku": "MY-1", "price": "60.00"}], at=now + timedelta(days=2)).counts["applied"]["UNCHANGED"] == 1


def test_a_jump_waits_an_absurd_price_is_refused_and_the_old_one_stays(run, shelf, now):
    run([row(), row(sku="MY-2", product="OIL-2")])

    made = run([{"sku": "MY-1", "price": "98.00"}, {"sku": "MY-2", "price": "5800.00"}], at=now + timedelta(days=1))

    change = PriceChange.objects.get()
    assert (change.offer.sku, change.amount, change.reasons) == ("MY-1", Decimal("98.00"), ["rise"])
    assert set(OfferPrice.objects.values_list("amount", flat=True)) == {Decimal("58.00")}
    assert problems_of(made) == [("price", "absurd_price")]
    assert offer_review_state(change.offer).state is ReviewState.PRICE_WAITS


def test_undo_restores_exactly_and_takes_back_what_waits(run, shelf, now):
    run([row()])
    before = list(Offer.objects.values())
    later = now + timedelta(days=1)
    made = run([row(price="98.00", lead_time_days="9", sites="WH-2"), row(sku="MY-2", product="OIL-2")], at=later)
    assert PriceChange.objects.filter(status="WAITING").count() == 1

    imports.request_undo(run_id=made.pk, by=None, now=later)
    imports.work(run_id=made.pk, clock=lambda: later)

    made.refresh_from_db()
    assert made.status == "UNDONE"
    assert list(Offer.objects.values()) == before
    assert not PriceChange.objects.filter(status="WAITING").exists()


def test_undo_restores_a_price_beyond_what_the_rules_let_a_seller_decide(run, shelf, now):
    run([row()])
    days = [now + timedelta(days=day) for day in (1, 2)]
    made = run([{"sku": "MY-1", "price": "75.00"}], at=days[0])
    PriceChange.objects.all().delete()

    imports.request_undo(run_id=made.pk, by=None, now=days[1])
    imports.work(run_id=made.pk, clock=lambda: days[1])

    assert OfferPrice.objects.get(valid__upper_inf=True).amount == Decimal("58.00")


def test_what_somebody_changed_since_is_kept_when_undone(run, shelf, now):
    run([row()])
    later = now + timedelta(days=1)
    made = run([{"sku": "MY-1", "price": "98.00"}], at=later)
    approve_price_change(change_id=PriceChange.objects.get().pk, by=None, now=later)

    imports.request_undo(run_id=made.pk, by=None, now=later)
    imports.work(run_id=made.pk, clock=lambda: later)

    assert problems_of(made) == [("", "changed_since")]
    assert OfferPrice.objects.get(valid__upper_inf=True).amount == Decimal("98.00")


@pytest.mark.django_db(transaction=True)
def test_what_somebody_decides_while_it_is_undone_is_kept(run, shelf, now):
    made = run([row()])
    imports.request_undo(run_id=made.pk, by=None, now=now)
    offer, later = Offer.objects.get(), now + timedelta(minutes=1)

    meet(
        lambda: set_offer_price(offer_id=offer.pk, amount=Money.of("59.00"), by=None, now=later),
        lambda: imports.work(run_id=made.pk, clock=lambda: later),
    )

    assert problems_of(made) == [("", "changed_since")]
    assert OfferPrice.objects.get(valid__upper_inf=True).amount == Decimal("59.00")


def test_a_first_price_far_off_waits_and_the_offer_with_it(run, shelf):
    make_offer(product=shelf[0], price="5.00")

    run([row()])

    offer = Offer.objects.get(sku="MY-1")
    assert offer_review_state(offer).state is ReviewState.FIRST_PRICE_WAITS
    assert offer.site_codes == ("WH-1", "WH-2")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"sku": ""}, "sku", "required"),
        ({"sku": "<b>"}, "sku", "bad_sku"),
        ({"sku": "x" * 65}, "sku", "bad_sku"),
        ({"sku": "THEIRS"}, "sku", "sku_taken"),
        ({"product": ""}, "product", "required_for_new"),
        ({"product": "NOTHING"}, "product", "unknown_product"),
        ({"product": "HIDDEN"}, "product", "unknown_product"),
        ({"product": "MINE"}, "product", "already_offered"),
        ({"price": ""}, "price", "required_for_new"),
        ({"price": "0"}, "price", "bad_price"),
        ({"price": "-1"}, "price", "bad_price"),
        ({"price": "58.005"}, "price", "bad_price"),
        ({"list_price": "1.00"}, "list_price", "list_below_price"),
        ({"lead_time_days": "366"}, "lead_time_days", "out_of_range"),
        ({"lead_time_days": "soon"}, "lead_time_days", "not_a_number"),
        ({"minimum_quantity": "0"}, "minimum_quantity", "out_of_range"),
        ({"minimum_quantity": "1000"}, "minimum_quantity", "out_of_range"),
        ({"minimum_quantity": "two"}, "minimum_quantity", "not_a_number"),
        ({"sites": ""}, "sites", "required_for_new"),
        ({"sites": "WH-OTHER"}, "sites", "unknown_site"),
        ({"sites": ";".join(f"WH-{n}" for n in range(11))}, "sites", "too_many_sites"),
        ({"product": "CAR"}, "minimum_quantity", "cars_one_by_one"),
    ],
)
def test_refuses_a_row_by_name_and_writes_nothing_of_it(changes, field, code, run, shelf, supplier):
    make_offer(product=make_product(), sku="THEIRS")
    make_part(upc="MINE", organization=supplier.organization, sku="MINE")
    make_product(upc="HIDDEN", is_public=False)
    car = make_trim(price=None).product
    type(car).objects.filter(pk=car.pk).update(upc="CAR")
    make_site("WH-OTHER", make_supplier().organization)
    before = Offer.objects.count()

    made = run([row(**changes)])

    assert (field, code) in problems_of(made)
    assert Offer.objects.count() == before


def test_the_product_of_an_offer_never_changes_and_one_product_has_one_offer(run, shelf):
    run([row()])

    made = run(
        [row(product="OIL-2"), row(sku="MY-3"), row(sku="MY-4", product="OIL-2"), row(sku="MY-5", product="OIL-2")]
    )

    assert problems_of(made) == [
        ("product", "product_fixed"),
        ("product", "already_offered"),
        ("product", "already_offered"),
    ]
    assert list(Offer.objects.order_by("sku").values_list("sku", flat=True)) == ["MY-1", "MY-4"]


def test_another_organizations_offers_are_neither_read_nor_changed(run, shelf, supplier):
    other = make_supplier()
    make_site("WH-9", other.organization)
    run([row()])

    made = run([row(price="59.00", sites="WH-9")], organization=other.organization_id)

    assert problems_of(made) == [("sku", "sku_taken")]
    assert OfferPrice.objects.get().amount == Decimal("58.00")


def test_the_table_of_today_holds_the_organization_s_own_offers_alone(run, shelf, supplier):
    foreign = make_offer(product=shelf[1], sku="THEIRS-1")
    run([row()])

    content = imports.filled_table(imports.get_kind("offers"), scope=f"organization:{supplier.organization_id}")

    text = [
        str(cell) for line in load_workbook(io.BytesIO(content))["data"].iter_rows(values_only=True) for cell in line
    ]
    assert "MY-1" in text
    assert foreign.sku not in text


def test_an_import_takes_no_offer_of_another_organization_away(shelf, supplier, now):
    foreign = make_offer(product=shelf[0], sku="THEIRS-1")
    context = imports.ImportContext(by=None, now=now, scope=f"organization:{supplier.organization_id}")

    imports.get_kind("offers").remove({foreign.sku}, context=context)

    assert Offer.objects.get() == foreign


def test_refuses_a_supplier_that_may_not_sell(run, shelf, supplier, now):
    suspend_supplier(organization_id=supplier.organization_id, reason="licence", by=None, now=now)

    made = run([row()])

    assert problems_of(made) == [("", "supplier_not_approved")]
    assert not Offer.objects.exists()


def test_headquarters_imports_its_own_offers_without_review(shelf, run, now):
    headquarters = make_headquarters()
    make_site("WH-HQ", headquarters)
    rows = [row(sites="WH-HQ", minimum_quantity="1")]
    run(rows, organization=headquarters.pk)

    run([{"sku": "MY-1", "price": "580.00"}], organization=headquarters.pk, at=now + timedelta(days=1))

    assert OfferPrice.objects.get(valid__upper_inf=True).amount == Decimal("580.00")
    set_offer_price(offer_id=Offer.objects.get().pk, amount=Money.of("1.00"), by=None, now=now + timedelta(days=2))


def test_five_hundred_rows_take_a_number_of_queries_that_does_not_grow(run, shelf, django_assert_max_num_queries):
    for number in range(3, 203):
        make_product(upc=f"OIL-{number}")
    few = [row(sku=f"A-{n}", product=f"OIL-{n}") for n in range(3, 13)]
    many = [row(sku=f"A-{n}", product=f"OIL-{n}") for n in range(13, 203)]

    with django_assert_max_num_queries(130) as counted:
        run(few)
    first = len(counted)
    with django_assert_max_num_queries(first + 12):
        run(many)
