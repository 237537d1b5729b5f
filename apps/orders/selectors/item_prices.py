"""Why a line of an order cost what it did."""

from apps.catalog.api import NotForSale, PriceExplanation, explain_price, explain_trace
from apps.orders.models import OrderItem


def explain_item_price(item: OrderItem) -> PriceExplanation:
    """
    Derive the unit price of a line again: from the versions it names, or, of lines older than these, from its day.

    :raises NotForSale: if the line names no version and its product is gone
    """
    at = item.order.created_at
    if item.price_trace:
        return explain_trace(item.price_trace, at=at, options=item.option_summary)
    if item.product_id is None:
        raise NotForSale(title=item.title)
    return explain_price(product_id=item.product_id, at=at, quantity=item.quantity, options=item.option_summary)
