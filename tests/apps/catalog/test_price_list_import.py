"""Importing price lists: into a draft that nobody has published yet, undo to what the lists said before."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook

from apps.catalog.api import (
    EntryWish,
    PriceListVersion,
    draft_version,
    explain_price,
    make_price_list,
    publish_version,
    set_entries,
)
from apps.kernel.api import ImportRow, Money, imports
from tests.factories.catalog import make_part, make_price_list_version
from tests.races import meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods():
    """Two parts of 100.00 each."""
    return [make_part(price="100.00", upc=f"OIL-{number}") for number in (1, 2)]


@pytest.fixture
def published(goods, now):
    """A campaign that takes ten percent off the first."""
    version = make_price_list_version(goods[0], code="WINTER", now=now)
    return publish_version(version_id=version.pk, starts_at=now, by=None, now=now)


def table(rows, *, name="prices.csv"):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return ContentFile(text.getvalue().encode(), name=name)


@pytest.fixture
def run(now):
    """Import rows: ``run([{…}, …])``."""

    def run(rows, *, upload=None, apply=True, at=now):
        made = imports.upload(kind="price_lists", upload=upload or table(rows), by=None, now=at)
        imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        if apply and made.count("planned", "REFUSED") < made.total:
            imports.request_apply(run_id=made.pk, by=None, now=at)
            imports.work(run_id=made.pk, clock=lambda: at)
        made.refresh_from_db()
        return made

    return run


def undo(run, at):
    imports.request_undo(run_id=run.pk, by=None, now=at)
    imports.work(run_id=run.pk, clock=lambda: at)
    run.refresh_from_db()


def row(**changes):
    return {"list": "WINTER", "product": "OIL-1", "method": "PERCENT", "value": "-20", **changes}


def said():
    """What the newest version says."""
    version = PriceListVersion.objects.order_by("-number").first()
    rows = version.entries.order_by("product__upc").values_list("product__upc", "method", "value")
    return version.number, version.status, [(upc, method, str(value)) for upc, method, value in rows]


def problems_of(run):
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return [(problem["field"], problem["code"]) for one in rows for problem in one.problems]


def test_rows_become_a_draft_and_count_once_it_is_published(run, published, goods, now):
    made = run([row(value="-20 %"), row(product="OIL-2", method="加减金额", value="-5.00")])

    assert made.counts["applied"] == {"CREATED": 1, "REFUSED": 0, "UPDATED": 1} or made.status == "APPLIED"
    assert said() == (2, "DRAFT", [("OIL-1", "PERCENT", "-20.00"), ("OIL-2", "AMOUNT", "-5.00")])
    assert explain_price(product_id=goods[0].pk, at=now).price == Money.of("90.00")

    draft = PriceListVersion.objects.get(number=2)
    publish_version(version_id=draft.pk, starts_at=now + timedelta(hours=1), by=None, now=now)
    later = now + timedelta(hours=2)
    assert explain_price(product_id=goods[0].pk, at=later).price == Money.of("80.00")
    assert explain_price(product_id=goods[1].pk, at=later).price == Money.of("95.00")


def test_a_dry_run_writes_nothing(run, published):
    made = run([row(), row(product="OIL-2", value="nothing")], apply=False)

    assert made.counts["planned"] == {"CHANGED": 1, "REFUSED": 1}
    assert said() == (1, "PUBLISHED", [("OIL-1", "PERCENT", "-10.00")])


def test_what_the_list_says_already_begins_no_draft(run, published):
    made = run([row(value="-10.00")])

    assert made.counts["applied"]["UNCHANGED"] == 1
    assert PriceListVersion.objects.count() == 1


def test_a_draft_that_is_there_is_gone_on_with(run, goods, now):
    make_price_list_version(goods[1], code="WINTER", now=now)

    run([row(method="PRICE", value="79.00")])

    assert said() == (1, "DRAFT", [("OIL-1", "PRICE", "79.00"), ("OIL-2", "PERCENT", "-10.00")])


def test_undo_leads_back_to_what_the_lists_said(run, published, now):
    made = run([row(), row(product="OIL-2", value="-7")])

    undo(made, now)

    assert made.status == "UNDONE"
    assert said() == (2, "DRAFT", [("OIL-1", "PERCENT", "-10.00")])


def test_undo_never_touches_what_was_published_meanwhile(run, published, now):
    made = run([row()])
    draft = PriceListVersion.objects.get(number=2)
    publish_version(version_id=draft.pk, starts_at=now + timedelta(hours=1), by=None, now=now)

    undo(made, now + timedelta(hours=2))

    assert said() == (3, "DRAFT", [("OIL-1", "PERCENT", "-10.00")])
    assert draft.entries.get().value == Decimal("-20.00")


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_somebody_just_begins_is_gone_on_with(run, published, now):
    made = run([row(product="OIL-2", value="-7")], apply=False)
    imports.request_apply(run_id=made.pk, by=None, now=now)

    meet(
        lambda: draft_version(price_list_id=published.price_list_id, copy_of=published.pk, by=None, now=now),
        lambda: imports.work(run_id=made.pk, clock=lambda: now),
    )

    assert said() == (2, "DRAFT", [("OIL-1", "PERCENT", "-10.00"), ("OIL-2", "PERCENT", "-7.00")])


@pytest.mark.django_db(transaction=True)
def test_what_somebody_says_of_another_product_meanwhile_stays(run, goods, now):
    draft = make_price_list_version(goods[0], code="WINTER", now=now)
    made = run([row()], apply=False)
    imports.request_apply(run_id=made.pk, by=None, now=now)
    wishes = [EntryWish(good.pk, "PERCENT", Decimal(-10)) for good in goods]

    meet(
        lambda: set_entries(version_id=draft.pk, entries=wishes, by=None, now=now),
        lambda: imports.work(run_id=made.pk, clock=lambda: now),
    )

    assert said() == (1, "DRAFT", [("OIL-1", "PERCENT", "-20.00"), ("OIL-2", "PERCENT", "-10.00")])


def test_what_somebody_changed_since_is_kept_when_undone(run, published, goods, now):
    made = run([row()])
    draft = PriceListVersion.objects.get(number=2)
    set_entries(version_id=draft.pk, entries=[EntryWish(goods[0].pk, "PERCENT", Decimal("-33"))], by=None, now=now)

    undo(made, now)

    assert problems_of(made) == [("", "changed_since")]
    assert said()[2] == [("OIL-1", "PERCENT", "-33.00")]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"list": ""}, "list", "required"),
        ({"list": "SUMMER"}, "list", "unknown_list"),
        ({"list": "x" * 41}, "list", "too_long"),
        ({"product": ""}, "product", "required"),
        ({"product": "NOTHING"}, "product", "unknown_product"),
        ({"product": "x" * 65}, "product", "too_long"),
        ({"method": ""}, "method", "required"),
        ({"method": "HALF"}, "method", "unknown_value"),
        ({"value": ""}, "value", "required"),
        ({"value": "a lot"}, "value", "bad_value"),
        ({"value": "-5.001"}, "value", "bad_value"),
        ({"value": "-100"}, "value", "no_price_left"),
        ({"value": "101"}, "value", "no_price_left"),
        ({"method": "PRICE", "value": "0"}, "value", "no_price_left"),
        ({"method": "PRICE", "value": "-3"}, "value", "no_price_left"),
        ({"value": "=1+1"}, "value", "formula"),
    ],
)
def test_a_row_is_refused_by_name_and_the_others_go_on(run, published, changes, field, code):
    made = run([row(**changes), row(product="OIL-2", value="-7")])

    assert problems_of(made) == [(field, code)]
    assert said()[2] == [("OIL-1", "PERCENT", "-10.00"), ("OIL-2", "PERCENT", "-7.00")]


def test_the_same_entry_twice_is_refused(run, published):
    made = run([row(), row(value="-30")])

    assert problems_of(made) == [("list", "duplicate_key")]
    assert said()[2] == [("OIL-1", "PERCENT", "-20.00")]


def test_a_formula_of_a_workbook_is_refused_by_column(run, published):
    book = Workbook()
    book.active.append(["价目表", "平台产品号", "方式", "数值"])
    book.active.append(["WINTER", "OIL-1", "PERCENT", "=0-20"])
    content = io.BytesIO()
    book.save(content)

    made = run([], upload=ContentFile(content.getvalue(), name="prices.xlsx"))

    assert problems_of(made) == [("value", "formula")]
    assert PriceListVersion.objects.count() == 1


def test_the_table_of_today_reads_back_unchanged(run, published, goods, now):
    make_price_list(code="EMPTY", layer="CAMPAIGN", name_zh="空", name_en="Empty", by=None, now=now)
    content = imports.filled_table(imports.get_kind("price_lists"), scope="")
    (_head, line) = load_workbook(io.BytesIO(content))["data"].iter_rows(values_only=True)
    assert line[:3] == ("WINTER", "OIL-1", "PERCENT")

    made = run([], upload=ContentFile(content, name="today.xlsx"))

    assert made.counts["applied"]["UNCHANGED"] == 1
