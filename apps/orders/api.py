"""The only door to orders."""

from apps.orders.models import (
    CustomerOrder,
    DepositRule,
    Fulfilment,
    FulfilmentLine,
    OrderEvent,
    OrderItem,
    RoutingDecision,
    SellerOrder,
    ShippingRate,
)
from apps.orders.policies.cookies import CART_COOKIE, MAX_AGE_SECONDS, read_cart_cookie, write_cart_cookie
from apps.orders.policies.links import sign_order_link
from apps.orders.policies.wishes import Address, CartRef, Contact, FulfilmentWish, PaymentWish
from apps.orders.selectors.carts import CartLineView, CartView, count_pieces
from apps.orders.selectors.fulfilments import access_fulfilment, list_fulfilments
from apps.orders.selectors.item_prices import explain_item_price
from apps.orders.selectors.orders import (
    OrderLineView,
    OrderSummary,
    OrderView,
    access_order,
    get_new_order_view,
    get_order_view,
    list_order_views,
    list_orders,
    summarize_order,
)
from apps.orders.selectors.terms import deposit_for
from apps.orders.services.cancellation import call_off, cancel_order
from apps.orders.services.carts import (
    add_line,
    add_voucher,
    change_line,
    get_cart,
    merge_carts,
    put_line,
    remove_line,
    remove_voucher,
    reorder,
)
from apps.orders.services.checkout import CheckoutResult, checkout
from apps.orders.services.expiry import expire_order, expire_orders
from apps.orders.services.fulfilments import (
    accept_fulfilment,
    confirm_as_staff,
    confirm_delivery,
    confirm_old_deliveries,
    mark_arrived,
    pass_pdi,
    ship_fulfilment,
)
from apps.orders.services.handover import hand_over, mark_ready, reissue_code
from apps.orders.services.paying import pay_order
from apps.orders.services.placement import note_failed_payment, note_failed_refund, take_payment, take_refund
from apps.orders.services.rerouting import reject_fulfilment, reroute_overdue, try_other_site
from apps.orders.services.splitting import create_seller_orders
from apps.orders.services.timeline import order_link
from apps.orders.states import FulfilmentStatus, Method, OrderStatus, Plan, SellerOrderStatus

__all__ = [
    "CART_COOKIE",
    "MAX_AGE_SECONDS",
    "Address",
    "CartLineView",
    "CartRef",
    "CartView",
    "CheckoutResult",
    "Contact",
    "CustomerOrder",
    "DepositRule",
    "Fulfilment",
    "FulfilmentLine",
    "FulfilmentStatus",
    "FulfilmentWish",
    "Method",
    "OrderEvent",
    "OrderItem",
    "OrderLineView",
    "OrderStatus",
    "OrderSummary",
    "OrderView",
    "PaymentWish",
    "Plan",
    "RoutingDecision",
    "SellerOrder",
    "SellerOrderStatus",
    "ShippingRate",
    "accept_fulfilment",
    "access_fulfilment",
    "access_order",
    "add_line",
    "add_voucher",
    "call_off",
    "cancel_order",
    "change_line",
    "checkout",
    "confirm_as_staff",
    "confirm_delivery",
    "confirm_old_deliveries",
    "count_pieces",
    "create_seller_orders",
    "deposit_for",
    "expire_order",
    "expire_orders",
    "explain_item_price",
    "get_cart",
    "get_new_order_view",
    "get_order_view",
    "hand_over",
    "list_fulfilments",
    "list_order_views",
    "list_orders",
    "mark_arrived",
    "mark_ready",
    "merge_carts",
    "note_failed_payment",
    "note_failed_refund",
    "order_link",
    "pass_pdi",
    "pay_order",
    "put_line",
    "read_cart_cookie",
    "reissue_code",
    "reject_fulfilment",
    "remove_line",
    "remove_voucher",
    "reorder",
    "reroute_overdue",
    "ship_fulfilment",
    "sign_order_link",
    "summarize_order",
    "take_payment",
    "take_refund",
    "try_other_site",
    "write_cart_cookie",
]
