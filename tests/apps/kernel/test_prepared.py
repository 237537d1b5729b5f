"""Queries that are put into SQL once."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, QuerySet
from django.test.utils import CaptureQueriesContext

from apps.kernel.api import Parameter, among, among_ids, prepared
from apps.shop.api import Product, ProductClass

pytestmark = pytest.mark.django_db
built = []


@prepared
def _products(is_public: bool | None = None) -> QuerySet[Product]:
    built.append(is_public)
    products = Product.objects.filter(among_ids("pk", "products")).select_related("product_class").order_by("pk")
    return products if is_public is None else products.filter(is_public=is_public)


@prepared
def _titled() -> QuerySet[Product]:
    titles = Parameter("titles", ArrayField(CharField()))
    return Product.objects.filter(among("title", titles)).order_by("title").values_list("title", "is_public")


@pytest.fixture
def shelf():
    kind = ProductClass.objects.create(name="Things")
    return [Product.objects.create(title=title, product_class=kind, is_public=title != "c") for title in "abc"]


def columns_of(product):
    return {field.attname: getattr(product, field.attname) for field in Product._meta.concrete_fields}


def test_each_question_has_its_own_values(shelf):
    assert list(_products()(products=[shelf[0].pk])) == shelf[:1]
    assert list(_products()(products=[one.pk for one in shelf])) == shelf
    assert list(_products()(products=[])) == []


def test_the_rows_are_what_the_queryset_would_return(shelf):
    with CaptureQueriesContext(connection) as queries:
        found = list(_products()(products=[one.pk for one in shelf]))
        classes = [one.product_class for one in found]

    assert len(queries) == 1
    plain = Product.objects.filter(pk__in=[one.pk for one in shelf]).order_by("pk")
    assert [columns_of(one) for one in found] == [columns_of(one) for one in plain]
    assert classes == [shelf[0].product_class] * 3
    assert [one.get_title() for one in found] == ["a", "b", "c"]


def test_rows_of_columns_come_as_tuples(shelf):
    assert list(_titled()(titles=["c", "a", "z"])) == [("a", True), ("c", False)]


def test_a_query_is_built_once_for_each_shape(shelf):
    built.clear()
    products = [one.pk for one in shelf]
    for _ in range(3):
        assert list(_products(True)(products=products)) == shelf[:2]
        assert list(_products(False)(products=products)) == shelf[2:]

    assert len(built) <= 2


def test_a_value_is_never_read_as_sql(shelf):
    assert list(_titled()(titles=["' OR 1=1 --", "%s", "a%"])) == []


def test_a_value_that_is_not_given_is_an_error(shelf):
    with pytest.raises(KeyError, match="products"):
        _products()()
