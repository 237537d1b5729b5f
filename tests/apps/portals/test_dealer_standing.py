"""What a dealer reads of its own level, authorizations, territories, quotas and stores."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from psycopg2.extras import DateRange

from apps.accounts.api import Role
from apps.dealers.api import (
    AuthorizationKind,
    LevelBenefitKind,
    Quota,
    QuotaUse,
    Territory,
    block_dealer,
    set_level_benefit,
)
from apps.portals.dealer.standing import stand
from tests.factories.dealers import make_authorization, make_dealer

TODAY = timezone.localdate()


@pytest.fixture
def clerk(shop, sign_in):
    return sign_in(Role.DEALER_CLERK, shop.dealer)


def read(client) -> str:
    answer = client.get(reverse("dealer-standing"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_what_where_and_until_when(shop, clerk):
    dealer = shop.store.dealer
    kind = AuthorizationKind.SERVICE
    make_authorization(dealer=dealer, kind=kind, ends_on=TODAY + timedelta(days=30))
    make_authorization(dealer=dealer, region_code="320000", starts_on=TODAY + timedelta(days=9))
    Territory.objects.create(
        dealer=dealer,
        brand_code="XINGCHI",
        region_code="310115",
        kind=kind,
        is_exclusive=True,
        valid=DateRange(date(2026, 1, 1), TODAY),
    )

    page = read(clerk)

    assert all(words in page for words in ("in force", "ends soon", "not begun", "over", "exclusive"))
    assert (TODAY + timedelta(days=29)).isoformat() in page  # the last day, not the day after
    assert all(words in page for words in ("until further notice", "310115", shop.store.name_en, "Asia/Shanghai"))


def test_quotas_say_what_is_left(shop):
    period = DateRange(TODAY, TODAY + timedelta(days=90))
    quota = Quota.objects.create(dealer=shop.store.dealer, series_code="tianshu", period=period, vehicles=10)
    QuotaUse.objects.create(quota=quota, cause="X1", line_ref="1", vehicles=3, taken_at=shop.now)
    QuotaUse.objects.create(quota=quota, cause="X2", line_ref="1", vehicles=2, taken_at=shop.now, released_at=shop.now)

    (line,) = stand(shop.dealer.pk, now=shop.now).quotas

    assert (line.total, line.used, line.left) == (10, 3, 7)
    assert line.last_day == TODAY + timedelta(days=89)


def test_a_level_says_what_it_brings(shop):
    for benefit, value in (
        (LevelBenefitKind.CONCESSION_RATE, "0.035"),
        (LevelBenefitKind.ACCEPTANCE_HOURS, "12"),
        (LevelBenefitKind.ROUTING_RANK, "1"),
    ):
        set_level_benefit(
            level=shop.store.dealer.level, benefit=benefit, value=Decimal(value), starts_on=TODAY, now=shop.now
        )

    with translation.override("en"):
        benefits = stand(shop.dealer.pk, now=shop.now).benefits

    assert benefits == [("Hours to accept an order", "12 hours"), ("Largest concession on a quote", "3.5 %")]


def test_a_group_and_its_members_see_each_other(shop):
    group = make_dealer()
    type(group).objects.filter(pk=shop.store.dealer_id).update(parent=group)

    assert stand(shop.dealer.pk, now=shop.now).parent == group
    assert stand(group.organization_id, now=shop.now).children == [shop.store.dealer]


def test_a_block_is_named_with_the_way_out(shop, clerk):
    block_dealer(organization_id=shop.dealer.pk, reason="expired:licence", now=shop.now)

    page = read(clerk)

    assert "No new orders since" in page
    assert reverse("dealer-documents") in page


def test_nobody_sees_another_s_quotas(shop, sign_in):
    stranger = make_dealer()
    period = DateRange(TODAY, TODAY + timedelta(days=90))
    Quota.objects.create(dealer=shop.store.dealer, series_code="tianshu", period=period, vehicles=4711)

    assert "4711" not in read(sign_in(Role.DEALER_MANAGER, stranger.organization))
