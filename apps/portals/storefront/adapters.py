"""What the storefront, above both, answers to financing about orders."""

from django.db.models import Prefetch, QuerySet

from apps.financing.api import FinancedOrder
from apps.orders.api import CustomerOrder, OrderItem, OrderStatus

# A prepayment is paid and the rest is not: before, the order may lapse any minute; after, nothing is owed.
TAKES_MONEY = (OrderStatus.DEPOSIT_PAID, OrderStatus.AWAITING_BALANCE)
VEHICLE = "vehicle"


class FinancedOrders:
    """Answers ``financing.orders``."""

    def find(self, *, number: str, user_id: int) -> FinancedOrder | None:
        """Return an order of that user."""
        order = _orders().filter(number=number, user_id=user_id).first()
        return _view(order) if order else None

    def list_open(self, *, user_id: int) -> list[FinancedOrder]:
        """List the user's orders that still take money, the newest first."""
        orders = _orders().filter(user_id=user_id, status__in=TAKES_MONEY).order_by("-created_at")
        return [_view(order) for order in orders]


def _orders() -> "QuerySet[CustomerOrder]":
    cars = OrderItem.objects.filter(kind=VEHICLE).order_by("position")
    return CustomerOrder.objects.prefetch_related(Prefetch("items", cars, to_attr="cars"))


def _view(order: CustomerOrder) -> FinancedOrder:
    car = order.cars[0] if order.cars else None
    return FinancedOrder(
        number=order.number,
        total=order.money("total"),
        balance_due=order.balance_due,
        takes_money=order.status in TAKES_MONEY,
        has_vehicle=car is not None,
        car_zh=car.title_zh[:200] if car else "",
        car_en=car.title_en[:200] if car else "",
    )
