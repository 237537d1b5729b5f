"""The first lock of every change: the order's row. Payments come next, stock levels last."""

from apps.orders.errors import OrderNotFound
from apps.orders.models import CustomerOrder


def lock_order(number: str) -> CustomerOrder:
    """
    Lock an order's row and return it as it is now.

    NO KEY: rows that point at the order may still be added by others.

    :raises OrderNotFound: if there is no such order
    """
    order = CustomerOrder.objects.select_for_update(of=("self",), no_key=True).filter(number=number).first()
    if order is None:
        raise OrderNotFound
    return order


def lock_order_by_id(order_id: int) -> CustomerOrder:
    """Lock an order's row by its primary key and return it as it is now."""
    return CustomerOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)
