"""Counts by XLSX: dry run, problems by row and name, what is promised, undo to the piece."""

from datetime import timedelta

import pytest

from apps.inventory.api import Demand, Movement, StockLevel, allocate, check_levels, reserve, set_on_hand, ship
from apps.kernel.api import OutboxEvent, imports
from tests.apps.inventory import stock_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def supply(now) -> files.Supply:
    """Offers 0 and 1 lie on the shelf with 10 and 20 pieces; offer 2 was never counted."""
    return files.make_supply(on_hand=[10, 20, None], now=now)


@pytest.fixture
def row(supply):
    """Return a function: a row for an offer of the supplier, by number."""
    return lambda number, pieces, site=None: (supply.skus[number], site or supply.site.code, pieces)


def hold(supply, number: int, pieces: int, *, now) -> list[int]:
    """Promise pieces of an offer to a buyer."""
    level = StockLevel.objects.get(site=supply.site, stock_record__partner_sku=supply.skus[number])
    demand = Demand(line_ref="1", product_id=level.product_id, quantity=pieces, site_codes=(supply.site.code,))
    promises = reserve(cause="O1", demands=[demand], expires_at=now + timedelta(minutes=9), by=None, now=now)
    return [promise.reservation_id for promise in promises]


def test_counts_are_written_and_undone_to_the_piece(supply, row, now):
    before = (supply.figures(), supply.shadows())
    run = files.check(files.as_xlsx([row(0, 7), row(1, 20), row(2, 500)]), scope=supply.scope, now=now)
    assert run.counts["planned"] == {"CHANGED": 2, "UNCHANGED": 1}
    assert (supply.figures(), supply.shadows()) == before, "a dry run writes nothing"

    run = files.apply(run, now=now)

    assert run.counts["applied"] == {"UPDATED": 2, "UNCHANGED": 1, "REFUSED": 0}
    expected = dict(zip(supply.skus, (7, 20, 500), strict=True))
    assert (supply.figures(), supply.shadows()) == (expected, expected)
    assert check_levels() == []
    assert OutboxEvent.objects.filter(name="inventory.stock_changed.v1").count() == 2 + 2, "two of them by receiving"

    run = files.undo(run, now=now)

    assert (run.status, run.counts["undone"]) == ("UNDONE", {"UNDONE": 2})
    assert (supply.figures(), supply.shadows()) == before
    assert check_levels() == []
    assert Movement.objects.filter(cause="import").count() == 4, "a mistake is adjusted by another row"


@pytest.mark.parametrize(
    "cells, field, code",
    [
        (("", "{site}", 1), "sku", "required"),
        (("NOT-MINE", "{site}", 1), "sku", "unknown_sku"),
        (("x" * 65, "{site}", 1), "sku", "too_long"),
        (("{sku}", "", 1), "site", "required"),
        (("{sku}", "elsewhere", 1), "site", "unknown_site"),
        (("{sku}", "s" * 41, 1), "site", "too_long"),
        (("{sku}", "{site}", ""), "on_hand", "required"),
        (("{sku}", "{site}", -1), "on_hand", "out_of_range"),
        (("{sku}", "{site}", 1_000_001), "on_hand", "out_of_range"),
        (("{sku}", "{site}", "9" * 30), "on_hand", "not_whole"),
        (("{sku}", "{site}", 1.5), "on_hand", "not_whole"),
        (("{sku}", "{site}", "many"), "on_hand", "not_whole"),
        (("{sku}", "{site}", "=2+2"), "on_hand", "formula"),
        (("=A1", "{site}", 3), "sku", "formula"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_name_and_the_others_go_through(supply, row, now, cells, field, code):
    names = {"sku": supply.skus[0], "site": supply.site.code}
    bad = [cell.format(**names) if isinstance(cell, str) else cell for cell in cells]

    run = files.apply(files.check(files.as_xlsx([bad, row(1, 21)]), scope=supply.scope, now=now), now=now)

    assert files.problems_of(run) == [(2, field, code)]
    assert supply.figures() == {supply.skus[0]: 10, supply.skus[1]: 21}


def test_full_width_digits_are_digits(supply, row, now):
    files.apply(files.check(files.as_xlsx([row(0, "１２")]), scope=supply.scope, now=now), now=now)

    assert supply.figures()[supply.skus[0]] == 12


def test_a_row_that_stands_twice_is_refused_with_the_line_of_the_first(supply, row, now):
    run = files.check(files.as_xlsx([row(0, 1), row(1, 2), row(0, 3)]), scope=supply.scope, now=now)

    assert files.problems_of(run) == [(4, "sku", "duplicate_key")]


def test_the_sku_and_the_site_of_somebody_else_read_like_none(supply, now):
    stranger = files.make_supply(on_hand=[5], now=now)
    rows = [(stranger.skus[0], supply.site.code, 1), (supply.skus[0], stranger.site.code, 1)]

    run = files.check(files.as_xlsx(rows), scope=supply.scope, now=now)

    assert files.problems_of(run) == [(2, "sku", "unknown_sku"), (3, "site", "unknown_site")]
    with pytest.raises(imports.NothingToApply):
        imports.request_apply(run_id=run.pk, by=None, now=now)
    assert stranger.figures() == {stranger.skus[0]: 5}


def test_what_is_promised_bounds_the_count_also_when_promised_after_the_check(supply, row, now):
    run = files.check(files.as_xlsx([row(0, 4), row(1, 5)]), scope=supply.scope, now=now)
    assert files.problems_of(run) == []
    hold(supply, 0, 6, now=now)

    run = files.apply(run, now=now)

    assert files.problems_of(run) == [(2, "on_hand", "below_promised")]
    assert supply.figures() == {supply.skus[0]: 10, supply.skus[1]: 5}


def test_an_undo_keeps_what_was_sold_or_counted_since_and_says_so(supply, row, now):
    run = files.apply(
        files.check(files.as_xlsx([row(0, 30), row(1, 40), row(2, 9)]), scope=supply.scope, now=now), now=now
    )
    reservations = hold(supply, 0, 2, now=now)
    allocate(cause="O1", by=None, now=now)
    ship(reservation_ids=reservations, by=None, now=now)
    level = StockLevel.objects.get(stock_record__partner_sku=supply.skus[1])
    set_on_hand(product_id=level.product_id, site_code=supply.site.code, on_hand=41, by=None, now=now)

    run = files.undo(run, now=now)

    assert [problem[2] for problem in files.problems_of(run)] == ["changed_since", "changed_since"]
    assert supply.figures() == {supply.skus[0]: 28, supply.skus[1]: 41}
    assert check_levels() == []


def test_an_undo_never_goes_below_what_was_promised_since(supply, row, now):
    run = files.apply(files.check(files.as_xlsx([row(0, 30), row(1, 25)]), scope=supply.scope, now=now), now=now)
    hold(supply, 0, 15, now=now)

    run = files.undo(run, now=now)

    assert files.problems_of(run) == [(2, "", "not_storable")]
    assert supply.figures() == {supply.skus[0]: 30, supply.skus[1]: 20}
    assert check_levels() == []


def test_headquarters_count_for_everybody_but_only_at_the_sites_of_the_seller(supply, row, now):
    stranger = files.make_supply(on_hand=[5], now=now)
    rows = [row(0, 11), (stranger.skus[0], stranger.site.code, 6), (supply.skus[1], stranger.site.code, 7)]

    run = files.apply(files.check(files.as_xlsx(rows), scope="", now=now), now=now)

    assert files.problems_of(run) == [(4, "sku", "unknown_sku")]
    assert (supply.figures()[supply.skus[0]], stranger.figures()[stranger.skus[0]]) == (11, 6)


def test_a_run_is_seen_within_its_scope_alone(supply, row, now):
    run = files.check(files.as_xlsx([row(0, 1)]), scope=supply.scope, now=now)

    assert list(imports.list_runs(scope=supply.scope)) == [run]
    assert not imports.list_runs(scope=supply.scope, kinds=["parts"])
    with pytest.raises(imports.ImportNotFound):
        imports.access_run(run_id=run.pk, scope=imports.scope_of(supply.organization.pk + 1))


def test_a_chunk_takes_the_same_statements_whatever_its_length(now, django_assert_max_num_queries):
    small = files.make_supply(on_hand=[1] * 3, now=now)
    rows = [(sku, small.site.code, 5) for sku in small.skus]
    run = files.check(files.as_xlsx(rows), scope=small.scope, now=now)
    with django_assert_max_num_queries(100) as few:
        files.apply(run, now=now)
    large = files.make_supply(on_hand=[1] * 30, now=now)
    rows = [(sku, large.site.code, 5) for sku in large.skus]
    run = files.check(files.as_xlsx(rows), scope=large.scope, now=now)

    with django_assert_max_num_queries(len(few)):
        files.apply(run, now=now)
