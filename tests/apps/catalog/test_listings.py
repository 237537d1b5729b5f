"""Listings follow what they are drawn from, whoever writes it and however."""

from decimal import Decimal

import pytest
from django.db import connection

from apps.catalog.api import Fitment, ProductInfo, ProductKind, index_products, pause_offer, set_offer_price
from apps.catalog.models import PRICE_STEPS, Listing
from apps.kernel.api import Money
from apps.shop.api import Category, Product, StockRecord
from tests.factories.catalog import make_brand, make_category, make_fitment, make_part, make_product, make_trim

pytestmark = pytest.mark.django_db


def listing(product) -> Listing:
    return Listing.objects.get(pk=product.pk)


def test_only_what_is_public_and_offered_is_listed(now):
    part, hidden, unoffered = make_part(), make_part(is_public=False), make_product()

    assert set(Listing.objects.values_list("pk", flat=True)) == {part.pk}
    assert not Listing.objects.filter(pk__in=[hidden.pk, unoffered.pk]).exists()

    Product.objects.filter(pk=part.pk).update(is_public=False)
    assert not Listing.objects.exists()
    Product.objects.filter(pk=part.pk).update(is_public=True)
    assert listing(part).sku == part.offers.get().sku

    pause_offer(offer_id=part.offers.get().pk, by=None, now=now)
    assert not Listing.objects.exists()


def test_follows_price_and_list_price(now):
    part = make_part(price="120.00", list_price="150.00")
    offer = part.offers.get()
    assert (listing(part).price, listing(part).list_price) == (Decimal("120.00"), Decimal("150.00"))

    set_offer_price(offer_id=offer.pk, amount=Money.of("99.00"), by=None, now=now)

    assert (listing(part).price, listing(part).price_step) == (Decimal("99.00"), 0)


def test_follows_the_stock_only_where_it_runs_out_or_comes_back(django_assert_num_queries):
    part = make_part(stock=3)
    records = StockRecord.objects.filter(product=part)

    records.update(num_allocated=2)
    assert listing(part).in_stock
    records.update(num_allocated=3)
    assert not listing(part).in_stock
    records.update(num_in_stock=10)
    assert listing(part).in_stock


def test_follows_brand_popularity_rating_and_words():
    part = make_part(title="旧名")
    infos = ProductInfo.objects.filter(pk=part.pk)

    infos.update(popularity=77, rating_count=2, rating_average=Decimal("4.50"), brand=make_brand(code="OTHER"))
    Product.objects.filter(pk=part.pk).update(title="雨刮片")
    index_products([part.pk])

    row = listing(part)
    assert (row.popularity, row.rating_count, row.rating_average) == (77, 2, Decimal("4.50"))
    assert row.brand.code == "OTHER"
    assert "'雨刮片'" in row.title_words


def test_knows_its_categories_and_all_above_them():
    root = make_category(code="PART", name_zh="配件")
    leaf = make_category(code="PART-FILTER", name_zh="滤清器", parent=root)
    part = make_part(categories=[leaf])
    assert set(listing(part).category_ids) == {root.pk, leaf.pk}

    other = make_category(code="ACCESSORY", name_zh="精品")
    leaf.refresh_from_db()
    leaf.move(Category.objects.get(pk=other.pk), "last-child")
    assert set(listing(part).category_ids) == {other.pk, leaf.pk}

    part.categories.clear()
    assert listing(part).category_ids == []


def test_is_universal_until_somebody_says_what_it_fits():
    part = make_part()
    assert listing(part).is_universal

    make_fitment(part, make_trim())
    assert not listing(part).is_universal
    Fitment.objects.filter(product=part).delete()
    assert listing(part).is_universal


def test_what_is_no_goods_is_always_in_stock():
    package = make_part(kind=ProductKind.PACKAGE, stock=0)

    assert listing(package).in_stock


def test_leaves_with_its_product():
    part = make_part()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_productinfo WHERE product_id = %s", [part.pk])

    assert not Listing.objects.filter(pk=part.pk).exists()


def test_counts_price_ranges_as_the_code_names_them():
    with connection.cursor() as cursor:
        for step, low in enumerate(PRICE_STEPS):
            cursor.execute(
                "SELECT catalog_price_step(%s), catalog_price_step(%s)", [low, Decimal(low) + Decimal("0.01")]
            )
            assert cursor.fetchone() == (step, step)
