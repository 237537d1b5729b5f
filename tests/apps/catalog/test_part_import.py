"""Importing parts: dry run, problems by row, unchanged rows, undo."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.catalog.models import Fitment, Offer, OfferPrice, ProductInfo
from apps.kernel.api import ImportRow, MoveNotAllowed, OutboxEvent, imports, ports
from apps.kernel.imports import chunks
from apps.shop.api import Basket, BasketLine, Product
from tests.apps.catalog import part_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites():
    with ports.using({"catalog.site_directory": files.Sites()}):
        yield


@pytest.fixture
def seller() -> str:
    return files.furnish()


def problems_of(run) -> list[tuple[int, str, str]]:
    return [
        (row.line, problem["field"], problem["code"])
        for row in ImportRow.objects.filter(run=run).order_by("line")
        for problem in row.problems
    ]


def test_writes_a_part_with_offer_fitment_and_search(seller, now):
    run = files.run_import(files.as_csv([files.part(1, seller=seller)]), now=now)

    info = ProductInfo.objects.get(product__upc="IMP-00001")
    offer = Offer.objects.get(sku="IMP-00001")
    assert run.status == "APPLIED"
    assert run.counts["applied"] == {"CREATED": 1, "REFUSED": 0}
    assert (info.product.title, info.title_en, info.kind) == ("机油滤清器 1 号", "Oil filter no. 1", "part")
    assert info.attributes == [
        {
            "code": "material",
            "name_zh": "材质",
            "name_en": "Material",
            "value_zh": "树脂滤纸",
            "value_en": "Resin paper",
        }
    ]
    assert info.image_key == "parts/oil-filter"
    assert info.shown_offer_id == offer.pk
    assert info.search
    assert info.pinyin
    assert (offer.site_code, offer.lead_time_days, str(offer.stock_record.price)) == (files.SITE, 3, "39.00")
    assert Fitment.objects.get(product=info.pk).year_from == 2023
    assert OutboxEvent.objects.filter(name="catalog.product_changed.v1", aggregate=f"catalog:{info.pk}").exists()


def test_a_dry_run_writes_nothing_but_the_report(seller, now):
    before = files.picture()

    run = files.run_import(
        files.as_csv([files.part(1, seller=seller), files.part(2, seller=seller, price="free")]), now=now, apply=False
    )

    assert run.status == "CHECKED"
    assert run.counts["planned"] == {"NEW": 1, "REFUSED": 1}
    assert files.picture() == before
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"sku": ""}, "sku", "required"),
        ({"sku": "<b>"}, "sku", "bad_sku"),
        ({"title_zh": ""}, "title_zh", "required_for_new"),
        ({"title_en": "x" * 256}, "title_en", "too_long"),
        ({"title_zh": "a\0b"}, "title_zh", "bad_character"),
        ({"category": "VEHICLE-SUV"}, "category", "unknown_category"),
        ({"brand": "Nobody"}, "brand", "unknown_brand"),
        ({"price": "-1"}, "price", "bad_price"),
        ({"price": "38.005"}, "price", "bad_price"),
        ({"price": "1e9"}, "price", "bad_price"),
        ({"price": "NaN"}, "price", "bad_price"),
        ({"price": "99999999999"}, "price", "bad_price"),
        ({"list_price": "1.00"}, "list_price", "list_below_price"),
        ({"lead_time_days": "soon"}, "lead_time_days", "not_a_number"),
        ({"lead_time_days": "400"}, "lead_time_days", "out_of_range"),
        ({"seller": "NOBODY"}, "seller", "unknown_seller"),
        ({"site": "SOMEWHERE"}, "site", "unknown_site"),
        ({"fitment": "WANGSHU@2026-2023"}, "fitment", "bad_fitment"),
        ({"fitment": "ATLANTIS"}, "fitment", "unknown_car"),
        ({"attributes": "只有名字"}, "attributes", "bad_attribute"),
        ({"icon": "../../etc/passwd"}, "icon", "unknown_value"),
        ({"published": "maybe"}, "published", "unknown_value"),
        ({"summary_zh": "#REF!"}, "summary_zh", "cell_error"),
    ],
)
def test_a_bad_row_is_told_and_the_others_are_written(changes, field, code, seller, now):
    rows = [{**files.part(1, seller=seller), "published": "yes"}]
    rows.append({**files.part(2, seller=seller), "published": "yes", **changes})
    name = "parts.xlsx"
    if any("\0" in value for value in changes.values()):  # a workbook cannot hold it
        content, name = files.as_csv(rows), "parts.csv"
    else:
        content = files.as_xlsx(rows)

    run = files.run_import(content, now=now, name=name)

    assert problems_of(run) == [(3, field, code)]
    assert run.counts["applied"] == {"CREATED": 1, "REFUSED": 1}
    assert list(Product.objects.values_list("upc", flat=True)) == ["IMP-00001"]


def test_a_sku_that_stands_there_twice_is_taken_once(seller, now, monkeypatch):
    monkeypatch.setattr("apps.kernel.imports.working.CHUNK", 2)
    rows = [files.part(number, seller=seller) for number in (1, 2, 1, 3, 2)]

    run = files.run_import(files.as_csv(rows), now=now)

    assert problems_of(run) == [(4, "sku", "duplicate_key"), (6, "sku", "duplicate_key")]
    assert run.counts["applied"] == {"CREATED": 3, "REFUSED": 2}


def test_the_same_file_again_changes_nothing(seller, now):
    content = files.as_csv([files.part(number, seller=seller) for number in range(5)])
    files.run_import(content, now=now)
    before, facts = files.picture(), OutboxEvent.objects.count()

    run = files.run_import(content, now=now + timedelta(hours=1))

    assert run.counts["planned"] == {"UNCHANGED": 5}
    assert run.counts["applied"] == {"UNCHANGED": 5, "REFUSED": 0}
    assert files.picture() == before
    assert OutboxEvent.objects.count() == facts


def test_columns_the_file_does_not_have_stay_as_they_are(seller, now):
    files.run_import(files.as_csv([files.part(1, seller=seller)]), now=now)
    later = now + timedelta(hours=1)

    run = files.run_import(b"SKU,\xe5\x94\xae\xe4\xbb\xb7\nIMP-00001,45\n", now=later)

    info = ProductInfo.objects.get(product__upc="IMP-00001")
    prices = OfferPrice.objects.filter(offer__sku="IMP-00001").order_by("id")
    assert run.counts["applied"] == {"UPDATED": 1, "REFUSED": 0}
    assert info.product.title == "机油滤清器 1 号"
    assert [(str(price.amount), price.valid.upper) for price in prices] == [("39.00", later), ("45.00", None)]
    assert str(prices[1].list_amount) == "199.00"


def test_a_seller_never_changes(seller, now):
    files.run_import(files.as_csv([files.part(1, seller=seller)]), now=now)

    run = files.run_import(files.as_csv([files.part(1, seller="OTHER")]), now=now, apply=False)

    assert problems_of(run) == [(2, "seller", "seller_fixed")]


def test_undo_puts_everything_back_exactly(seller, now):
    files.run_import(files.as_csv([files.part(number, seller=seller) for number in range(4)]), now=now)
    before = files.picture()
    changed = [
        files.part(number, seller=seller, price="77.00", fitment="", title_zh="换了名字", attributes="", brand="")
        for number in range(2, 6)
    ]
    run = files.run_import(files.as_csv(changed), now=now + timedelta(hours=1))
    assert run.counts["applied"] == {"UPDATED": 2, "CREATED": 2, "REFUSED": 0}
    assert files.picture() != before

    imports.request_undo(run_id=run.pk, by=None, now=now)
    run = imports.work(run_id=run.pk, clock=lambda: now + timedelta(hours=2))

    assert run.status == "UNDONE"
    assert run.counts["undone"] == {"UNDONE": 4}
    assert files.picture() == before


def test_undo_keeps_what_somebody_changed_or_uses_and_says_why(seller, now):
    run = files.run_import(files.as_csv([files.part(number, seller=seller) for number in range(4)]), now=now)
    ProductInfo.objects.filter(product__upc="IMP-00001").update(title_en="Corrected by hand")
    wanted = Offer.objects.get(sku="IMP-00002")
    BasketLine.objects.create(
        basket=Basket.objects.create(),
        product_id=wanted.product_id,
        stockrecord=wanted.stock_record,
        line_reference="1",
        quantity=1,
        price_currency="CNY",
    )

    imports.request_undo(run_id=run.pk, by=None, now=now)
    run = imports.work(run_id=run.pk, clock=lambda: now)

    assert run.counts["undone"] == {"UNDONE": 2, "KEPT": 2}
    assert problems_of(run) == [(3, "", "changed_since"), (4, "", "in_use")]
    assert sorted(Product.objects.values_list("upc", flat=True)) == ["IMP-00001", "IMP-00002"]


def test_an_undo_that_would_not_be_exact_is_rolled_back(seller, now, monkeypatch):
    """The control: with the fitment forgotten, the engine notices."""
    files.run_import(files.as_csv([files.part(1, seller=seller)]), now=now)
    run = files.run_import(files.as_csv([files.part(1, seller=seller, fitment="")]), now=now)
    before = files.picture()
    monkeypatch.setattr("apps.catalog.services.part_import._replace_fitments", lambda wanted: None)

    imports.request_undo(run_id=run.pk, by=None, now=now)
    with pytest.raises(imports.UndoNotExact):
        imports.work(run_id=run.pk, clock=lambda: now)

    run.refresh_from_db()
    assert run.status == "FAILED"
    assert files.picture() == before


def test_what_the_database_alone_refuses_stands_alone(seller, now):
    """The seller offers the product of row 2 under another SKU already: only a constraint knows."""
    files.run_import(files.as_csv([files.part(2, seller=seller)]), now=now)
    Offer.objects.filter(sku="IMP-00002").update(sku="OWN-2")

    run = files.run_import(files.as_csv([files.part(number, seller=seller) for number in range(5)]), now=now)

    assert problems_of(run) == [(4, "", "not_storable")]
    assert run.counts["applied"] == {"CREATED": 4, "REFUSED": 1}


def test_a_run_that_was_not_checked_to_the_end_is_not_written(seller, now):
    run = imports.upload(
        kind="parts", upload=files.ContentFile(files.as_csv([files.part(1, seller=seller)]), name="x"), by=None, now=now
    )

    with pytest.raises(MoveNotAllowed):
        imports.request_apply(run_id=run.pk, by=None, now=now)
    with pytest.raises(MoveNotAllowed):
        imports.request_undo(run_id=run.pk, by=None, now=now)


def test_the_number_of_statements_does_not_grow_with_the_rows(seller, now, django_assert_max_num_queries):
    few = files.as_csv([files.part(number, seller=seller) for number in range(3)])
    many = files.as_csv([files.part(number, seller=seller) for number in range(100, 300)])
    files.run_import(few, now=now)

    with django_assert_max_num_queries(140) as queries:
        files.run_import(many, now=now)

    assert len(queries) < chunks.CHUNK
    assert connection.queries_log is not None


def test_gb18030_is_read(seller, now):
    files.run_import(files.as_csv([files.part(1, seller=seller)], encoding="gb18030", delimiter=";"), now=now)

    assert Product.objects.get(upc="IMP-00001").title == "机油滤清器 1 号"
