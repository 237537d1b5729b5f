"""The demo's dealers: all twenty keep working, and loading them again changes nothing."""

import json
from datetime import date

import pytest
from django.conf import settings

from apps.accounts.api import Organization
from apps.dealers.api import (
    Authorization,
    AuthorizationKind,
    Dealer,
    LevelBenefit,
    Quota,
    StoreDay,
    Territory,
    get_region,
    list_receiving_rules,
    list_stores,
    load_dealers,
    load_standing,
)

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 22)


def read(name):
    return json.loads((settings.BASE_DIR / "config" / "reference" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def world(now):
    for row in read("organizations")["organizations"]:
        names = {"name_zh": row["name_zh"], "name_en": row["name_en"], "kind": row["kind"], "created_at": now}
        Organization.objects.get_or_create(code=row["code"], defaults=names)
    return lambda: load_dealers(read("dealers"), regions=read("regions"), now=now)


def test_every_dealer_may_sell_and_hand_over_in_its_stores(world):
    world()
    stores = list(list_stores())
    standing = load_standing({s.dealer_id for s in stores}, brand_code="XINGCHI", kind=AuthorizationKind.SALES, on=ON)
    assert len({store.dealer_id for store in stores}) == Dealer.objects.count() == 20
    assert list_receiving_rules(stores, on=ON) == {}
    refused = {
        store.code
        for store in stores
        if store.has_sales and standing.failed_rule(store.dealer_id, region_code=store.district_code)
    }
    assert refused == set()


def test_loading_again_changes_nothing(world):
    def counts():
        return [model.objects.count() for model in (Authorization, Territory, LevelBenefit, Quota, StoreDay)]

    world()
    before = counts()
    assert before[1:4] == [20, 18, 40]
    world()
    assert counts() == before


def test_every_region_is_a_real_one(world):
    world()
    for model in (Authorization, Territory):
        for code in model.objects.values_list("region_code", flat=True):
            assert get_region(code).code == code
