"""Fifty buyers at once on ten pieces: ten are sold, whoever asks and however the race goes."""

from collections import Counter

import pytest

from tests.journeys.figures.buyers import at_once, order_of

pytestmark = pytest.mark.journey

BUYERS = 50
PIECES = 10
RUNS = 5
# A rush without guards oversells nearly always; one that a busy machine serves in a row does not.
RUSHES = 4


def rush(shop, part):
    """Fifty guests, each with the part in a cart, ask to order it at the same moment; their answers."""
    buyers = at_once([lambda: shop.buyer().fill(part) for _ in range(BUYERS)], most=8)
    answers = at_once([buyer.check_out for buyer in buyers])
    return buyers, answers


def orders_of(shop, part):
    """Orders of a part that wait for their payment."""
    return shop.books.value(
        "SELECT count(DISTINCT o.number) FROM orders_customerorder o JOIN orders_orderitem i ON i.order_id = o.order_id"
        " WHERE i.product_id = %s AND o.status = 'AWAITING_PAYMENT'",
        part,
    )


@pytest.mark.parametrize("run", range(1, RUNS + 1))
def test_ten_pieces_are_sold_ten_times(shop, run):
    part = shop.fresh_part(stock=PIECES)
    deadlocks = shop.books.deadlocks()

    _, answers = rush(shop, part)

    assert Counter((answer.status, answer.code) for answer in answers) == {
        (201, ""): PIECES,
        (409, "out_of_stock"): BUYERS - PIECES,
    }
    assert orders_of(shop, part) == PIECES
    assert shop.books.stock_of(part) == {
        "on_hand": PIECES,
        "promised": PIECES,
        "oscar_in_stock": PIECES,
        "oscar_allocated": PIECES,
        "rows": PIECES,
        "pieces": PIECES,
    }
    assert shop.books.deadlocks() == deadlocks


def test_without_the_guards_more_is_sold_than_there_is(shop):
    """The control: the same rush without the row lock and the constraint behind it, until chance lets two meet."""
    sold = 0
    for _ in range(RUSHES):
        part = shop.fresh_part(stock=PIECES)
        with shop.without_guards():
            buyers, answers = rush(shop, part)
            oversold = shop.books.stock_of(part)
            # Set things right again, or the constraint could not come back.
            for buyer, answer in zip(buyers, answers, strict=True):
                if answer.status == 201:
                    assert buyer.cancel(order_of(answer, "wechatpay")).status == 200
        assert shop.books.stock_of(part)["rows"] == 0
        sold = Counter(answer.status for answer in answers)[201]
        assert oversold["rows"] == sold
        if sold > PIECES:
            break

    assert sold > PIECES
