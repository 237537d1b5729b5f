"""Loading the demo world's cars, parts and packages."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from apps.accounts.api import Organization
from apps.catalog.api import (
    LineRequest,
    Offer,
    OfferPrice,
    ProductInfo,
    ProductKind,
    ProductQuery,
    Trim,
    TrimOption,
    evaluate_configuration,
    fits,
    get_product,
    load_categories,
    load_packages,
    load_parts,
    load_tax_rates,
    load_vehicles,
    picture_url,
    quote_lines,
    search_products,
)
from apps.dealers.api import Authorization, Store, list_stores, load_dealers
from apps.kernel.api import Money
from apps.suppliers.api import load_suppliers

REFERENCE = Path(__file__).resolve().parents[3] / "config" / "reference"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_database")]


def read(name: str):
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def load_world(now):
    for row in read("organizations")["organizations"]:
        names = {"name_zh": row["name_zh"], "name_en": row["name_en"], "kind": row["kind"], "created_at": now}
        Organization.objects.get_or_create(code=row["code"], defaults=names)
    load_suppliers(read("suppliers"), now=now)
    load_dealers(read("dealers"), regions=read("regions"), now=now)
    load_tax_rates(read("tax"), now=now)
    load_categories(read("categories"), now=now)
    trims = load_vehicles(read("vehicles"), site="PLANT-HUZHOU", now=now)
    parts = load_parts(read("parts"), now=now)
    packages = load_packages(read("packages"), site="WH-HQ-JIAXING", now=now)
    return trims, parts, packages


def test_the_demo_world_stands_and_a_second_run_changes_nothing(now):
    trims, parts, packages = load_world(now)
    assert (len(trims), len(parts), len(packages)) == (40, 300, 10)
    counts = [
        model.objects.count() for model in (Trim, TrimOption, ProductInfo, Offer, OfferPrice, Store, Authorization)
    ]

    again = load_world(now + timedelta(days=1))

    assert again == (trims, parts, packages)
    assert counts == [
        model.objects.count() for model in (Trim, TrimOption, ProductInfo, Offer, OfferPrice, Store, Authorization)
    ]

    # The worked example of config/reference/README.md.
    jinghong = trims["JINGHONG-EV-680"]
    view = evaluate_configuration(jinghong, ["PACK-PERFORMANCE"])
    assert view.valid
    assert view.price == Money.of("317800.00")
    assert "WHEEL-20-FORGED" in view.selected
    assert not evaluate_configuration(jinghong, ["PACK-PERFORMANCE", "WHEEL-19-BLADE"]).valid
    assert not evaluate_configuration(jinghong, ["PACK-PERFORMANCE", "PACK-WINTER"]).valid

    for product_id in trims.values():
        assert evaluate_configuration(product_id, []).valid
    quotes = quote_lines([LineRequest(pk, 1) for pk in (*trims.values(), *parts.values(), *packages.values())], at=now)
    assert len(quotes) == 350
    assert fits(parts["FLD-COOL-LC-4L"], jinghong)
    assert not fits(parts["FLT-OIL-15NA"], jinghong)
    assert get_product(product_id=packages["PKG-EV-BASIC-2Y"]).package["months"] == 24
    assert list_stores().count() == 24
    found = search_products(ProductQuery(q="机油滤清器"))
    assert found.items[0].kind is ProductKind.PART
    assert "机油滤清器" in found.items[0].title


def test_every_product_of_the_demo_world_has_a_picture_of_its_own(now):
    trims, parts, packages = load_world(now)
    infos = ProductInfo.objects.filter(pk__in=[*trims.values(), *parts.values(), *packages.values()])

    assert [info.image_key for info in infos if not picture_url(info.image_key)] == []


def test_a_product_without_a_picture_shows_the_brands_mark():
    assert picture_url("", kind="part") == picture_url("parts/no-such-thing", kind="part") == "/static/img/mark.svg"
    assert picture_url("parts/no-such-thing") == ""
