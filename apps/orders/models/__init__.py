"""Tables of orders. Oscar's basket and order rows carry what was said once; these companions carry what happens."""

from apps.orders.models.carts import CartLine, CartVoucher
from apps.orders.models.fulfilments import AssignedVehicle, Fulfilment, FulfilmentLine, PickupCode, RoutingDecision
from apps.orders.models.orders import CustomerOrder, OrderEvent, OrderItem, SellerOrder
from apps.orders.models.terms import DepositRule, ShippingRate

__all__ = [
    "AssignedVehicle",
    "CartLine",
    "CartVoucher",
    "CustomerOrder",
    "DepositRule",
    "Fulfilment",
    "FulfilmentLine",
    "OrderEvent",
    "OrderItem",
    "PickupCode",
    "RoutingDecision",
    "SellerOrder",
    "ShippingRate",
]
