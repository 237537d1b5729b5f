"""
The demo world's reference data agrees with itself and with the law it quotes.

The data lives in ``config/reference``; its README says what every field means. No database is needed.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from math import cos, hypot, radians

import pytest
from stdnum.cn import uscc

from tests.architecture.reference_data import (
    CATEGORIES,
    DEALERS,
    FILES,
    MODELS,
    ORGANIZATIONS,
    PACKAGES,
    PARTS,
    REFERENCE,
    REGION,
    SERIES,
    SITES,
    STORES,
    SUPPLIERS,
    TRIMS,
    money,
)

HAN = re.compile(r"[\u3400-\u9fff]")
CODE = re.compile(r"[A-Z][A-Z0-9]*([-_][A-Z0-9]+)*")
# Source: Advertising Law of the PRC, article 9 (no superlatives); notice of the Ministry of Industry and Information
# Technology of April 2025 (assisted driving may not be advertised as automated).
FORBIDDEN_CLAIMS = re.compile("最|第一|唯一|顶级|极致|首选|独家|绝对|万能|国家级|世界级|冠军|领先|完美|自动驾驶|智驾")


def walk(node: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """Yield every object of a document with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from walk(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from walk(value, f"{path}[{number}]")


def texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def distance_km(a: dict, b: dict) -> float:
    return 111.2 * hypot(a["lat"] - b["lat"], (a["lng"] - b["lng"]) * cos(radians(a["lat"])))


# -- form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.json")), ids=lambda path: path.name)
def test_a_file_stays_small_and_keeps_one_record_a_line(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.encode()) < 600_000
    assert max(map(len, text.splitlines())) < 6_000


@pytest.mark.parametrize("name", list(FILES))
def test_chinese_is_chinese_and_english_is_not(name):
    for path, record in walk(FILES[name]):
        for key in [key for key in record if key.endswith("_zh")]:
            english = record[key.removesuffix("_zh") + "_en"]
            assert len(texts(record[key])) == len(texts(english)) > 0, path
            for zh, en in zip(texts(record[key]), texts(english), strict=True):
                is_bare_figure = key == "value_zh" and zh == en
                assert HAN.search(zh) or is_bare_figure, (path, key, zh)
                assert en, (path, key)
                assert not HAN.search(en), (path, key, en)


@pytest.mark.parametrize("name", ["vehicles", "parts", "packages", "dealers", "suppliers"])
def test_copy_makes_no_claim_that_advertising_law_forbids(name):
    for path, record in walk(FILES[name]):
        for key in [key for key in record if key.endswith("_zh")]:
            for text in texts(record[key]):
                assert not FORBIDDEN_CLAIMS.search(text), (path, text)


def test_codes_are_unique_and_well_formed():
    for name, document in FILES.items():
        for key, records in document.items():
            # What is said about products names them as often as it likes.
            if not isinstance(records, list) or key in ("reviews", "questions"):
                continue
            for field in ("code", "sku", "email"):
                values = [row[field] for row in records if isinstance(row, dict) and field in row]
                assert [value for value, times in Counter(values).items() if times > 1] == [], (name, key)
                if field != "email" and key != "icons":
                    assert [value for value in values if not CODE.fullmatch(value)] == [], (name, key)
    products = [*TRIMS, *PARTS, *PACKAGES]
    assert len(set(products)) == len(products)


def test_counts_are_those_of_the_demo_world():
    assert (len(SERIES), len(TRIMS), len(PARTS), len(PACKAGES)) == (8, 40, 300, 10)
    assert (len(DEALERS), len(SUPPLIERS)) == (20, 5)
    assert {row["body_type"] for row in SERIES.values()} == {"SEDAN", "SUV", "MPV", "PICKUP", "COUPE"}
    assert {row["dealer"] for row in STORES.values()} == set(DEALERS)
    assert Counter(site["kind"] for site in SITES.values()) == {
        "PLANT": 1,
        "HQ_WAREHOUSE": 2,
        "SUPPLIER_WAREHOUSE": 5,
        "DEALER_WAREHOUSE": len(STORES),
    }


# -- regions, organizations, sites --------------------------------------------------------------------------------


def test_regions_form_a_tree_of_three_levels():
    levels = {"province": None, "city": "province", "district": "city"}
    for code, region in REGION.items():
        assert re.fullmatch(r"\d{6}", code)
        parent = region["parent"]
        assert (REGION[parent]["level"] if parent else None) == levels[region["level"]], code
    assert Counter(region["level"] for region in REGION.values())["province"] == 31
    parents = {region["parent"] for region in REGION.values()}
    assert [code for code, region in REGION.items() if region["level"] != "district" and code not in parents] == []


def test_places_lie_in_china_and_near_their_city():
    for code, place in [*STORES.items(), *SUPPLIERS.items(), *SITES.items()]:
        assert distance_km(place, REGION[place["city"]]) < 50, code
    for place in [*STORES.values(), *SUPPLIERS.values(), *SITES.values(), *REGION.values()]:
        if "lat" in place:
            assert 3.8 < place["lat"] < 53.6, place
            assert 73.4 < place["lng"] < 135.1, place
    assert sum("lat" in region for region in REGION.values()) >= 40
    for place in [*STORES.values(), *DEALERS.values(), *SUPPLIERS.values(), ORGANIZATIONS["XINGCHI-HQ"]]:
        assert REGION[place["district"]]["parent"] == place["city"], place["code"]
        assert REGION[place["city"]]["parent"] == place["province"], place["code"]


def test_credit_codes_have_a_valid_check_digit_and_belong_to_one_organization():
    numbers = [row["uscc"] for row in [*DEALERS.values(), *SUPPLIERS.values(), ORGANIZATIONS["XINGCHI-HQ"]]]

    assert [number for number in numbers if not uscc.is_valid(number)] == []
    assert len(set(numbers)) == len(numbers)


def test_organizations_stores_and_sites_refer_to_each_other():
    kinds = {"HQ": {"XINGCHI-HQ"}, "DEALER": set(DEALERS), "SUPPLIER": set(SUPPLIERS)}
    for kind, codes in kinds.items():
        assert {code for code, row in ORGANIZATIONS.items() if row["kind"] == kind} == codes
    assert {site["owner"] for site in SITES.values()} == set(ORGANIZATIONS)
    assert {SITES[store["site"]]["owner"] == store["dealer"] for store in STORES.values()} == {True}
    assert {SITES[row["site"]]["owner"] == code for code, row in SUPPLIERS.items()} == {True}
    levels = {level["code"] for level in FILES["dealers"]["levels"]}
    for dealer in DEALERS.values():
        assert dealer["level"] in levels
        assert dealer["parent"] is None or DEALERS[dealer["parent"]]["parent"] is None


def test_stores_have_hours_for_every_weekday_and_services_they_are_authorized_for():
    today = date(2026, 11, 1).isoformat()
    live = [
        row
        for row in FILES["dealers"]["authorizations"]
        if row["valid_from"] <= today and (row["valid_to"] is None or today < row["valid_to"])
    ]
    assert 0 < len(live) < len(FILES["dealers"]["authorizations"])
    granted = {(row["dealer"], row["region"], row["kind"]) for row in live if row["brand"] == "XINGCHI"}
    assert {region for _, region, _ in granted} <= set(REGION)
    for code, store in STORES.items():
        assert sorted(store["opening_hours"]) == list("1234567"), code
        for spans in store["opening_hours"].values():
            flat = [clock for span in spans for clock in span]
            assert flat == sorted(set(flat)), code
            assert len(flat) % 2 == 0, code
        for service in store["services"]:
            assert (store["dealer"], store["city"], service) in granted, (code, service)


def test_phones_are_unassigned_numbers_and_domains_are_reserved():
    for _, record in itertools.chain.from_iterable(walk(document) for document in FILES.values()):
        for key in ("phone", "email", "website"):
            if key in record:
                pattern = {"phone": r"400-000-\d{4}|199000000\d\d"}.get(key, r"[\w.:/@-]+\.example")
                assert re.fullmatch(pattern, record[key]), record[key]


def test_demo_accounts_are_those_of_the_contract():
    people = ["consumer", "consumer2", "dealer", "dealer2", "clerk", "supplier", "supplier2", "hq", "auditor", "editor"]
    accounts = {row["email"].split("@")[0]: row for row in FILES["accounts"]["accounts"]}
    assert list(accounts) == people
    assert FILES["accounts"]["password"] == "demo-pass-2026"
    assert len({row["phone"] for row in accounts.values()}) == len(people)
    roles = {row["code"] for row in FILES["accounts"]["roles"]}
    for row in accounts.values():
        assert row["role"] in roles
        assert (row["organization"] is None) == (row["role"] == "CONSUMER")
        assert row["organization"] is None or row["organization"] in ORGANIZATIONS
        assert row["store"] is None or STORES[row["store"]]["dealer"] == row["organization"]
    assert accounts["clerk"]["organization"] == accounts["dealer"]["organization"]
    assert accounts["dealer2"]["organization"] != accounts["dealer"]["organization"]
    assert accounts["supplier2"]["organization"] != accounts["supplier"]["organization"]


# -- parts, packages, law -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part["sku"])
def test_a_part_resolves_every_code_it_names(part):
    icons = {icon["code"] for icon in FILES["parts"]["icons"]}
    assert len(icons) <= 120
    assert part["icon"] in icons
    assert CATEGORIES[part["category"]]["kind"] == part["kind"]
    assert SITES[part["site"]]["owner"] == part["supplier"]
    assert 0 < money(part["price"]) <= money(part["list_price"])
    assert part["weight_g"] > 0
    assert part["lead_time_days"] >= 0
    assert set(part["stock"]) <= set(SITES)
    assert min(part["stock"].values()) > 0
    assert part["site"] in part["stock"]
    for offer in part["other_offers"]:
        assert SITES[offer["site"]]["owner"] == offer["seller"] != part["supplier"]
        assert money(offer["price"]) <= money(part["list_price"])
        assert offer["site"] in part["stock"]
        assert offer["lead_time_days"] >= 0
    assert bool(part["fitment"]) != part["universal"]
    for row in part["fitment"]:
        series = SERIES[row["series"]]
        assert series["launch_year"] <= row["year_from"] <= (row["year_to"] or 9999)
        assert "model" not in row or MODELS[row["model"]]["series"] == row["series"]
        assert "trim" not in row or TRIMS[row["trim"]]["model"] == row["model"]


def test_parts_cover_their_categories_suppliers_and_stores():
    assert len({part["category"] for part in PARTS.values()}) >= 14
    assert len({part["title_zh"] for part in PARTS.values()}) == len(PARTS)
    assert {part["supplier"] for part in PARTS.values()} == set(SUPPLIERS)
    assert {store["site"] for store in STORES.values()} <= {site for part in PARTS.values() for site in part["stock"]}
    used = {part["category"] for part in PARTS.values()} | {row["category"] for row in PACKAGES.values()}
    parents = {row["parent"] for row in CATEGORIES.values()}
    leaves = {code for code, row in CATEGORIES.items() if code not in parents and row["kind"] != "vehicle"}
    assert used == leaves
    seen = {None}
    for code, row in CATEGORIES.items():
        assert row["parent"] in seen, "a parent comes before its children"
        seen.add(code)


def test_packages_name_known_services_and_models():
    services = {row["code"] for row in FILES["packages"]["services"]}
    for row in PACKAGES.values():
        assert {entitlement["service"] for entitlement in row["entitlements"]} <= services
        assert min(entitlement["count"] for entitlement in row["entitlements"]) > 0
        assert row["models"]
        assert set(row["models"]) <= set(MODELS)
        assert 0 < money(row["price"]) <= money(row["list_price"])
        assert row["months"] > 0
        assert row["km"] > 0
        assert row["tax_class"] in {rate["tax_class"] for rate in FILES["tax"]["tax_rates"]}
        if "OIL-SERVICE" in {entitlement["service"] for entitlement in row["entitlements"]}:
            assert {MODELS[model]["powertrain"] for model in row["models"]} == {"PHEV"}


def test_dated_law_has_one_row_for_every_day_and_names_its_source():
    for key, records in FILES["tax"].items():
        chains: dict[str, list[dict]] = {}
        for row in records:
            assert row["source_zh"]
            assert row["source_en"]
            chains.setdefault(row.get("tax_class") or row["kind"], []).append(row)
        for chain in chains.values():
            assert [row["valid_to"] for row in chain] == [*(row["valid_from"] for row in chain[1:]), None], key
    rates = {row["tax_class"]: row["rate"] for row in FILES["tax"]["tax_rates"] if row["valid_to"] is None}
    assert rates["GOODS"] == "0.13"
    assert rates["SERVICES"] == "0.06"
    assert FILES["tax"]["deposit_limits"][0]["max_share"] == "0.20"
    minimum = {row["kind"]: row for row in FILES["tax"]["warranty_minimums"]}["VEHICLE_REPAIR"]
    for series in SERIES.values():
        assert series["warranty"]["vehicle_months"] >= minimum["months"]
        assert series["warranty"]["vehicle_km"] >= minimum["km"]
