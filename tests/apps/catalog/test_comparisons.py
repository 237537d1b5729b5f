"""Products side by side."""

import pytest
from django.utils import translation

from apps.catalog.api import compare_products
from tests.factories.catalog import (
    make_brand,
    make_fitment,
    make_model,
    make_package,
    make_part,
    make_series,
    make_trim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def facts(comparison) -> dict[str, tuple]:
    return {fact.name: fact.values for group in comparison.groups for fact in group.facts}


def test_compares_cars_by_their_specifications_in_groups():
    first = make_trim(specs={"range_cltc_km": 605, "drive": "RWD"}, equipment_en=["Heated seats", "Sunroof"])
    second = make_trim(specs={"range_cltc_km": 430, "drive": "RWD", "dc_peak_kw": 150}, equipment_en=["Heated seats"])

    comparison = compare_products([first.product_id, second.product_id])

    assert [group.title for group in comparison.groups] == [
        "At a glance",
        "Range and energy",
        "Drive and performance",
        "Charging",
        "Equipment",
    ]
    found = facts(comparison)
    assert found["Range (CLTC)"] == (605, 430)
    assert found["Fast charging"] == (None, 150)
    assert found["Sunroof"] == (True, False)
    differing = {fact.name for group in comparison.groups for fact in group.facts if fact.differs}
    assert {"Range (CLTC)", "Fast charging", "Sunroof"} <= differing
    assert "Drive" not in differing


def test_compares_parts_by_attributes_and_cars_they_fit():
    paper = {"code": "mat", "name_zh": "材质", "name_en": "Material", "value_zh": "滤纸", "value_en": "Paper"}
    first = make_part(attributes=[paper], brand=make_brand(code="LICHUAN", name_zh="砺川", name_en="Lichuan"))
    second = make_part(sku="FLT-2")
    make_fitment(first, make_trim(model=make_model(series=make_series(name_en="Wangshu"))))

    found = facts(compare_products([first.pk, second.pk]))

    assert found["Material"] == ("Paper", None)
    assert found["Brand"] == ("Lichuan", "Xingchi")
    assert found["Series"] == ("Wangshu", "Every car")
    assert found["Part number"][1] == "FLT-2"


def test_keeps_the_order_and_the_first_four_and_passes_over_what_is_not_in_the_shop():
    parts = [make_part() for _ in range(5)]
    hidden = make_part(is_public=False)
    ids = [parts[2].pk, hidden.pk, 424242, parts[0].pk, parts[2].pk, parts[1].pk, parts[3].pk, parts[4].pk]

    comparison = compare_products(ids)

    assert [card.id for card in comparison.cards] == [parts[2].pk, parts[0].pk, parts[1].pk, parts[3].pk]


def test_compares_packages():
    found = facts(compare_products([make_package(visits=4).pk, make_package(visits=6, km=None).pk]))

    assert found["Service visits"] == (4, 6)
    assert found["Up to a mileage of"] == (40000, None)


def test_nothing_compares_to_nothing():
    comparison = compare_products([])

    assert (comparison.cards, comparison.groups) == ([], [])


def test_asks_as_few_questions_for_four_as_for_two(django_assert_max_num_queries):
    parts = [make_part() for _ in range(4)]

    with django_assert_max_num_queries(5):
        compare_products([part.pk for part in parts])
