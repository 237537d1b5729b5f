"""Products, configurations and suppliers' offers over HTTP."""

import json
from decimal import Decimal

import pytest

from apps.accounts.api import Role
from apps.catalog.api import Configuration, Offer, OfferPrice, ProductKind
from apps.catalog.rest.serializers import ProductQuerySerializer
from apps.dealers.api import AuthorizationKind
from apps.suppliers.api import suspend_supplier
from tests.apps.catalog.conftest import make_site
from tests.factories.accounts import make_member
from tests.factories.catalog import make_fitment, make_offer, make_part, make_product, make_rule, make_trim
from tests.factories.dealers import make_authorization, make_store, make_supplier

pytestmark = pytest.mark.django_db

PRODUCTS = "/api/v1/products/"
CONFIGURATIONS = "/api/v1/configurations/"
OFFERS = "/api/v1/supplier/offers/"
HUGE = 10**30


# Products


def test_lists_products_in_the_contracts_shape(api):
    make_part(title_en="Oil filter", price="38.00", list_price="45.00", sku="FLT-1", summary_en="Paper element")

    body = api.get(PRODUCTS).json()

    assert (body["count"], body["next"], body["previous"]) == (1, None, None)
    card = body["results"][0]
    assert set(card) == {
        "id", "sku", "slug", "kind", "title", "summary", "image", "price", "list_price", "in_stock", "rating",
    }  # fmt: skip
    assert (card["sku"], card["kind"], card["title"], card["summary"]) == (
        "FLT-1",
        "part",
        "Oil filter",
        "Paper element",
    )
    assert card["price"] == {"amount": "38.00", "currency": "CNY"}
    assert card["list_price"] == {"amount": "45.00", "currency": "CNY"}
    assert card["in_stock"] is True
    assert set(body["facets"]) == {"kind", "category", "brand", "price"}


def test_speaks_the_language_asked_for(api):
    make_part(title="机油滤清器", title_en="Oil filter")

    assert api.get(PRODUCTS, headers={"accept-language": "zh-hans"}).json()["results"][0]["title"] == "机油滤清器"
    assert api.get(PRODUCTS, headers={"accept-language": "en"}).json()["results"][0]["title"] == "Oil filter"


def test_links_pages_and_keeps_the_filters(api):
    for _ in range(3):
        make_part()

    first = api.get(PRODUCTS, {"kind": "part", "page_size": 2}).json()
    second = api.get(first["next"]).json()

    assert (len(first["results"]), len(second["results"])) == (2, 1)
    assert second["next"] is None
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_a_page_holds_a_hundred_at_most_whatever_is_asked_for(api):
    make_part()

    pages = [api.get(PRODUCTS, {"page_size": size}).json() for size in ("100", "101", str(2**63 - 1))]

    assert [page["count"] for page in pages] == [1, 1, 1]
    query = ProductQuerySerializer(data={"page_size": "101"})
    assert query.is_valid()
    assert query.validated_data["page_size"] == 100


def test_a_page_beyond_the_last_is_not_found(api):
    make_part()

    for page in (2, 2**63 - 1):
        answer = api.get(PRODUCTS, {"page": page})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api.get(PRODUCTS, {"q": "nothing of the kind"}).json()["count"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "boat"),
        ("ordering", "cheapest"),
        ("price_min", "-1"),
        ("price_min", "NaN"),
        ("price_max", "1e40"),
        ("price_max", "a lot"),
        ("in_stock", "perhaps"),
        ("fits", "0"),
        ("fits", "mine"),
        ("fits", str(HUGE)),
        ("fits", "424242"),
        ("page", "0"),
        ("page", "last"),
        ("page", str(HUGE)),
        ("page_size", "0"),
        ("q", "x" * 101),
        ("brand", "b" * 41),
    ],
)
def test_refuses_filter_values_by_name(name, value, api):
    answer = api.get(PRODUCTS, {name: value})

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [name]


@pytest.mark.parametrize("path", [f"{PRODUCTS}?q=a%00b", f"{PRODUCTS}?category=%00", f"{PRODUCTS}%00/"])
def test_refuses_null_characters(path, api):
    assert api.get(path).status_code == 400


def test_shows_everything_about_a_car(api):
    store = make_store()
    make_authorization(dealer=store.dealer, kind=AuthorizationKind.SALES)
    trim = make_trim(price="169900.00", specs={"range_cltc_km": 605, "drive": "RWD"})
    make_rule("EXCLUDES", "PACK-SPORT", "PACK-TOW", model=trim.model)
    series = trim.model.series
    series.description_zh, series.description_en = "沉稳。", "Composed."
    series.save()

    body = api.get(f"{PRODUCTS}{trim.product_id}/").json()

    assert body["kind"] == "vehicle"
    assert body["description"] in ("沉稳。", "Composed.")
    assert [group["code"] for group in body["options"]] == ["EXTERIOR", "WHEELS", "PACKS"]
    assert body["options"][0]["options"][1] | {"summary": "", "swatch": ""} == {
        "code": "PAINT-RED",
        "name": "Paint-Red",
        "summary": "",
        "price": {"amount": "3000.00", "currency": "CNY"},
        "is_default": False,
        "swatch": "",
    }
    assert body["rules"][0]["kind"] == "excludes"
    assert {"code": "range_cltc_km", "name": "Range (CLTC)", "value": 605, "unit": "km"} in body["attributes"]
    assert {"code": "drive", "name": "Drive", "value": "Rear-wheel drive", "unit": ""} in body["attributes"]
    assert body["seller"]["code"] == "hq"
    assert [way["method"] for way in body["delivery"]] == ["delivery", "pickup"]
    assert [row["id"] for row in body["stores"]] == [store.pk]


def test_shows_what_a_part_fits_and_all_its_offers(api):
    part = make_part(price="120.00")
    trim = make_trim()
    make_fitment(part, trim, year_from=2025)
    make_offer(product=part, price="130.00")

    body = api.get(f"{PRODUCTS}{part.pk}/").json()

    assert body["fitment"] == [
        {
            "series_code": trim.model.series.code,
            "series": trim.model.series.name_en,
            "model": "",
            "trim": "",
            "year_from": 2025,
            "year_to": None,
        }
    ]
    assert [(row["price"]["amount"], row["lost_by"]) for row in body["offers"]] == [
        ("120.00", None),
        ("130.00", "dearer"),
    ]


def test_a_product_nobody_offers_has_no_price(api):
    body = api.get(f"{PRODUCTS}{make_product().pk}/").json()

    assert (body["price"], body["seller"], body["offers"], body["delivery"]) == (None, None, [], [])


@pytest.mark.parametrize("product_id", ["0", "424242", str(HUGE), "abc", "-1"])
def test_a_product_that_is_not_there_is_not_found(product_id, api):
    answer = api.get(f"{PRODUCTS}{product_id}/")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_product_that_is_not_public_is_not_found(api):
    assert api.get(f"{PRODUCTS}{make_part(is_public=False).pk}/").status_code == 404


# Configurations


def test_stores_a_configuration_and_answers_201(api):
    trim = make_trim(price="169900.00")

    answer = api.post(CONFIGURATIONS, {"product_id": trim.product_id, "options": ["PAINT-RED"]}, format="json")

    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"id", "product_id", "options", "price", "breakdown", "valid"}
    assert body["options"] == ["PAINT-RED", "WHEEL-18"]
    assert body["price"] == {"amount": "172900.00", "currency": "CNY"}
    assert body["valid"] is True
    assert [(row["code"], row["amount"]["amount"]) for row in body["breakdown"]] == [
        ("base", "169900.00"),
        ("PAINT-RED", "3000.00"),
        ("WHEEL-18", "0.00"),
    ]
    assert Configuration.objects.get().pk.hex == body["id"].replace("-", "")


def test_an_impossible_choice_is_refused_with_its_rule_in_the_readers_language(api):
    trim = make_trim()
    make_rule(
        "EXCLUDES", "PACK-SPORT", "PACK-TOW", reason_zh="运动悬架不能拖挂。", reason_en="No towing on sports springs."
    )
    choice = {"product_id": trim.product_id, "options": ["PACK-SPORT", "PACK-TOW"]}

    answer = api.post(CONFIGURATIONS, choice, format="json")

    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "impossible_configuration"
    assert body["context"]["rule"] == {
        "kind": "excludes",
        "option": "PACK-SPORT",
        "other": "PACK-TOW",
        "reason": "No towing on sports springs.",
    }
    chinese = api.post(CONFIGURATIONS, choice, format="json", headers={"accept-language": "zh-hans"})
    assert chinese.json()["context"]["rule"]["reason"] == "运动悬架不能拖挂。"
    assert not Configuration.objects.exists()


def test_an_option_the_car_is_not_offered_with_is_an_impossible_configuration(api):
    answer = api.post(CONFIGURATIONS, {"product_id": make_trim().product_id, "options": ["GULL-WINGS"]}, format="json")

    assert answer.status_code == 422
    assert answer.json()["context"]["rule"]["kind"] == "unknown_option"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "product_id"),
        ({"product_id": "x"}, 400, "product_id"),
        ({"product_id": None}, 400, "product_id"),
        ({"product_id": -1}, 400, "product_id"),
        ({"product_id": True, "options": "PAINT"}, 400, "options"),
        ({"product_id": 1, "options": {"a": 1}}, 400, "options"),
        ({"product_id": 1, "options": [["x"]]}, 400, "options.0"),
        ({"product_id": 1, "options": ["x" * 61]}, 400, "options.0"),
        ({"product_id": 1, "options": ["x"] * 101}, 400, "options"),
        ([], 400, None),
        ({"product_id": 424242}, 404, None),
    ],
)
def test_refuses_a_malformed_configuration(body, status, field, api):
    answer = api.post(CONFIGURATIONS, body, format="json")

    assert answer.status_code == status
    if field:
        assert field in answer.json()["fields"]
    assert not Configuration.objects.exists()


@pytest.mark.parametrize(
    "raw",
    ["{", '{"product_id": 1e400}', '{"product_id": ' + str(HUGE) + "}", '{"product_id": 1, "options": ["a\\u0000"]}'],
)
def test_refuses_json_that_nobody_can_store(raw, api):
    answer = api.post(CONFIGURATIONS, raw, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "fields", "context"}


def test_a_part_cannot_be_configured(api):
    assert api.post(CONFIGURATIONS, {"product_id": make_part().pk}, format="json").status_code == 404


# Suppliers' offers


def offer_body(product, **changes):
    return {
        "product_id": product.pk,
        "price": {"amount": "99.00", "currency": "CNY"},
        "lead_time_days": 3,
        "site": "WH-1",
        **changes,
    }


def test_a_supplier_makes_an_offer_changes_it_and_reads_it(supplier, supplier_api):
    product = make_product()

    made = supplier_api.put(f"{OFFERS}OIL-1/", offer_body(product), format="json")
    changed = supplier_api.put(
        f"{OFFERS}OIL-1/", offer_body(product, price={"amount": "89.00", "currency": "CNY"}), format="json"
    )

    assert (made.status_code, changed.status_code) == (201, 200)
    expected = {
        "sku": "OIL-1",
        "product_id": product.pk,
        "price": {"amount": "89.00", "currency": "CNY"},
        "lead_time_days": 3,
        "site": "WH-1",
        "sites": ["WH-1"],
        "minimum_quantity": 1,
        "status": "ACTIVE",
        "review": "on_sale",
        "waiting_price": None,
    }
    assert supplier_api.get(f"{OFFERS}OIL-1/").json() == expected
    assert supplier_api.get(OFFERS).json()["results"] == [expected]
    assert list(OfferPrice.objects.order_by("pk").values_list("amount", flat=True)) == [
        Decimal("99.00"),
        Decimal("89.00"),
    ]


def test_another_suppliers_offer_reads_as_missing(supplier_api):
    foreign = make_offer(product=make_product(), sku="THEIRS", price="50.00")

    read = supplier_api.get(f"{OFFERS}THEIRS/")
    written = supplier_api.put(f"{OFFERS}THEIRS/", offer_body(foreign.product), format="json")
    # Not even with what only its owner would write.
    copied = supplier_api.put(
        f"{OFFERS}THEIRS/", offer_body(foreign.product) | {"site": foreign.site_code}, format="json"
    )

    assert (read.status_code, written.status_code, copied.status_code) == (404, 404, 404)
    assert read.json()["code"] == supplier_api.get(f"{OFFERS}NONE/").json()["code"] == "not_found"
    assert supplier_api.get(OFFERS).json()["count"] == 0
    assert OfferPrice.objects.get(offer=foreign).amount == Decimal("50.00")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"site": "NOWHERE"}, 422, "unknown_site"),
        ({"site": "WH-OTHER"}, 422, "unknown_site"),
        ({"site": None}, 400, "invalid"),
        ({"site": "x" * 41}, 400, "invalid"),
        ({"price": "99.00"}, 400, "invalid"),
        ({"price": {"amount": 99, "currency": "CNY"}}, 400, "invalid"),
        ({"price": {"amount": "0.00", "currency": "CNY"}}, 422, "invalid_price"),
        ({"price": {"amount": "-5.00", "currency": "CNY"}}, 422, "invalid_price"),
        ({"price": {"amount": "99.001", "currency": "CNY"}}, 400, "invalid"),
        ({"price": {"amount": "99.00", "currency": "USD"}}, 400, "invalid"),
        ({"price": {"amount": "99999999999.00", "currency": "CNY"}}, 422, "invalid_price"),
        ({"lead_time_days": -1}, 400, "invalid"),
        ({"lead_time_days": 366}, 400, "invalid"),
        ({"lead_time_days": "soon"}, 400, "invalid"),
        ({"product_id": 424242}, 404, "not_found"),
        ({"product_id": 0}, 400, "invalid"),
    ],
)
def test_refuses_a_wrong_offer_and_stores_nothing(changes, status, code, supplier_api):
    make_site("WH-OTHER", make_supplier().organization)

    answer = supplier_api.put(f"{OFFERS}OIL-1/", offer_body(make_product(), **changes), format="json")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("sku", ["a b", "%00", "x" * 65, "-x", "机油"])
def test_refuses_an_unreadable_sku(sku, supplier_api):
    answer = supplier_api.put(f"{OFFERS}{sku}/", offer_body(make_product()), format="json")

    assert answer.status_code in (400, 404)
    assert not Offer.objects.exists()


def test_refuses_a_second_offer_of_the_same_product(supplier_api):
    product = make_product()
    supplier_api.put(f"{OFFERS}OIL-1/", offer_body(product), format="json")

    second = supplier_api.put(f"{OFFERS}OIL-2/", offer_body(product), format="json")
    moved = supplier_api.put(f"{OFFERS}OIL-1/", offer_body(make_product()), format="json")

    assert (second.status_code, second.json()["code"]) == (409, "already_offered")
    assert (moved.status_code, moved.json()["code"]) == (409, "sku_taken")
    assert Offer.objects.count() == 1


def test_a_suspended_supplier_makes_no_offers(supplier, supplier_api, now):
    suspend_supplier(organization_id=supplier.organization_id, reason="licence", by=None, now=now)

    answer = supplier_api.put(f"{OFFERS}OIL-1/", offer_body(make_product()), format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "supplier_not_approved")
    assert not Offer.objects.exists()


@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.SUPPLIER)])
def test_offers_are_for_suppliers_only(role, api, settings):
    settings.MFA_REQUIRED_ROLES = []
    if role:
        api.force_authenticate(make_member(role))
    expected = 403 if role else 401

    assert api.get(OFFERS).status_code == expected
    assert api.get(f"{OFFERS}X/").status_code == expected
    assert api.put(f"{OFFERS}X/", offer_body(make_product()), format="json").status_code == expected


def test_the_list_takes_few_queries_for_many_products(api, django_assert_max_num_queries):
    for _ in range(15):
        make_part(kind=ProductKind.ACCESSORY)

    with django_assert_max_num_queries(8):
        assert len(json.loads(api.get(PRODUCTS).content)["results"]) == 15


@pytest.mark.parametrize("kind", ["car", "part"])
def test_a_product_page_takes_at_most_eight_queries(kind, api, django_assert_max_num_queries):
    trim = make_trim()
    part = make_part()
    for _ in range(5):
        make_fitment(part, make_trim())
        make_offer(product=part)
    product_id = trim.product_id if kind == "car" else part.pk

    with django_assert_max_num_queries(8):
        assert api.get(f"{PRODUCTS}{product_id}/").status_code == 200
