"""What the demo shows of supply: rules in force, lists that count, queues with something in them."""

from datetime import timedelta

import pytest

from apps.catalog.api import (
    ForbiddenClaim,
    LineRequest,
    PriceChange,
    PriceChangeRule,
    PriceContext,
    PriceList,
    PriceListVersion,
    ProductInfo,
    ProductProposal,
    list_cards,
    list_waiting_price_changes,
    list_waiting_proposals,
    quote_lines,
    replay_offer_choices,
)
from apps.kernel.api import Money
from apps.portals.staff.demo_world import build_demo_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_database")]
COUNTED = (PriceChangeRule, ForbiddenClaim, PriceList, PriceListVersion, PriceChange, ProductProposal)


def test_the_demo_dates_rules_publishes_lists_and_fills_the_queues_once(now):
    build_demo_world(now=now, report=str)
    counts = [model.objects.count() for model in COUNTED]

    assert {row.offer.sku for row in list_waiting_price_changes()} == {
        "BRK-PAD-R-CHANGGENG",
        "MAT-VEL-TIANSHU",
        "FLD-GEAR-EDU",
    }
    assert [row.sku for row in list_waiting_proposals()] == ["QM-CMP-TENT-01", "LC-BRK-DISC-WS", "QM-ORG-TRUNK"]
    assert list_waiting_proposals().get(sku="QM-ORG-TRUNK").previous.status == "REJECTED"
    bed = ProductInfo.objects.get(product__upc="CMP-BED-TIANSHU").pk
    (card,) = list_cards([bed])
    assert (card.price, card.list_price) == (Money.of("530.10"), Money.of("589.00"))
    flap = ProductInfo.objects.get(product__upc="BDY-FLAP-TIANSHU").pk
    (here,) = quote_lines([LineRequest(flap, 1)], at=now)
    (there,) = quote_lines([LineRequest(flap, 1)], at=now, context=PriceContext(region_code="460106"))
    assert (here.unit_price, there.unit_price) == (Money.of("228.00"), Money.of("237.12"))
    assert list(replay_offer_choices()) == []

    build_demo_world(now=now + timedelta(days=1), report=str)
    assert [model.objects.count() for model in COUNTED] == counts
