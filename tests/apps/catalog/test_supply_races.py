"""Two who decide about an offer or a price list at the same moment: the second sees the first."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog.api import (
    EntryWish,
    Offer,
    PriceEntry,
    PriceListIsHistory,
    draft_version,
    end_version,
    publish_version,
    put_offer,
    refresh_due_prices,
    set_entries,
)
from apps.kernel.api import Money, OutboxEvent
from tests.factories.catalog import make_part, make_price_list_version, make_product
from tests.races import meet

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def told() -> int:
    return OutboxEvent.objects.filter(name="catalog.product_changed.v1").count()


def test_an_offer_put_again_keeps_what_is_just_changed(supplier, now):
    product = make_product()

    def put(**changes):
        return put_offer(
            sku="OIL-1",
            organization_id=supplier.organization_id,
            product_id=product.pk,
            price=Money.of("120.00"),
            lead_time_days=3,
            site="WH-1",
            by=None,
            now=now,
            **changes,
        )

    put()
    meet(lambda: put(minimum_quantity=5), put)

    assert Offer.objects.get().minimum_quantity == 5


def test_two_drafts_of_a_list_are_numbered_one_after_the_other(transactional_db, now):
    first = make_price_list_version(make_part(), now=now)

    def draft():
        return draft_version(price_list_id=first.price_list_id, by=None, now=now)

    assert meet(draft, draft).number == first.number + 2


def test_what_is_just_published_is_not_rewritten(transactional_db, now):
    part = make_part()
    version = make_price_list_version(part, now=now, method="PERCENT", value="-10")
    wish = EntryWish(part.pk, "PERCENT", Decimal(-90))

    with pytest.raises(PriceListIsHistory):
        meet(
            lambda: publish_version(version_id=version.pk, starts_at=now, by=None, now=now),
            lambda: set_entries(version_id=version.pk, entries=[wish], by=None, now=now),
        )

    assert PriceEntry.objects.get().value == -10


def test_a_list_that_just_ended_does_not_run_on_until_the_next_begins(transactional_db, now):
    part = make_part()
    running = make_price_list_version(part, now=now)
    publish_version(version_id=running.pk, starts_at=now, by=None, now=now)
    later = draft_version(price_list_id=running.price_list_id, copy_of=running.pk, by=None, now=now)

    meet(
        lambda: end_version(version_id=running.pk, ends_at=now + DAY, by=None, now=now),
        lambda: publish_version(version_id=later.pk, starts_at=now + 5 * DAY, by=None, now=now),
    )

    running.refresh_from_db()
    later.refresh_from_db()
    assert (running.valid.upper, later.valid.lower) == (now + DAY, now + 5 * DAY)


def test_what_began_is_shown_and_told_once(transactional_db, now):
    version = make_price_list_version(make_part(), now=now)
    publish_version(version_id=version.pk, starts_at=now + DAY, by=None, now=now)
    before = told()

    def refresh():
        return refresh_due_prices(now=now + DAY)

    assert meet(refresh, refresh) == 0
    assert told() == before + 1
