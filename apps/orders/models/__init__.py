"""Tables of orders. Oscar's basket and order rows carry what was said once; these companions carry what happens."""

from apps.orders.models.carts import CartLine, CartVoucher
from apps.orders.models.fulfilments import AssignedVehicle, Fulfilment, FulfilmentLine, PickupCode, RoutingDecision
from apps.orders.models.handovers import (
    HandedItem,
    HandoverAppointment,
    HandoverItem,
    HandoverPhoto,
    HandoverRecord,
    HandoverText,
)
from apps.orders.models.inspections import (
    ChecklistItem,
    Inspection,
    InspectionItem,
    InspectionPhoto,
    RecipientReveal,
)
from apps.orders.models.orders import CustomerOrder, OrderEvent, OrderItem, SellerOrder
from apps.orders.models.terms import BalanceRule, DepositRule, ShippingRate

__all__ = [
    "AssignedVehicle",
    "BalanceRule",
    "CartLine",
    "CartVoucher",
    "ChecklistItem",
    "CustomerOrder",
    "DepositRule",
    "Fulfilment",
    "FulfilmentLine",
    "HandedItem",
    "HandoverAppointment",
    "HandoverItem",
    "HandoverPhoto",
    "HandoverRecord",
    "HandoverText",
    "Inspection",
    "InspectionItem",
    "InspectionPhoto",
    "OrderEvent",
    "OrderItem",
    "PickupCode",
    "RecipientReveal",
    "RoutingDecision",
    "SellerOrder",
    "ShippingRate",
]
