"""REST endpoints of orders, under /api/v1/."""

from django.urls import path

from apps.orders.rest import carts, fulfilments, orders

urlpatterns = [
    path("cart/", carts.CartDetailView.as_view(), name="cart"),
    path("cart/lines/", carts.CartLinesView.as_view(), name="cart-lines"),
    path("cart/lines/<int:line_id>/", carts.CartLineView.as_view(), name="cart-line"),
    path("cart/vouchers/", carts.CartVouchersView.as_view(), name="cart-vouchers"),
    path("cart/vouchers/<str:code>/", carts.CartVoucherView.as_view(), name="cart-voucher"),
    path("checkout/", orders.CheckoutView.as_view(), name="checkout"),
    path("orders/", orders.OrderListView.as_view(), name="orders"),
    path("orders/<str:number>/", orders.OrderDetailView.as_view(), name="order"),
    path("orders/<str:number>/cancel/", orders.OrderCancelView.as_view(), name="order-cancel"),
    path("orders/<str:number>/pay/", orders.OrderPayView.as_view(), name="order-pay"),
    path(
        "orders/<str:number>/fulfilments/<int:fulfilment_id>/received/",
        orders.DeliveryReceivedView.as_view(),
        name="order-fulfilment-received",
    ),
    path("dealer/fulfilments/", fulfilments.DealerFulfilmentsView.as_view(), name="dealer-fulfilments"),
    path("supplier/fulfilments/", fulfilments.SupplierFulfilmentsView.as_view(), name="supplier-fulfilments"),
    *(
        path(f"dealer/fulfilments/<int:fulfilment_id>/{move}/", view.as_view(), name=f"dealer-fulfilment-{move}")
        for move, view in (
            ("accept", fulfilments.DealerAcceptView),
            ("reject", fulfilments.DealerRejectView),
            ("arrive", fulfilments.DealerArriveView),
            ("pdi", fulfilments.DealerPdiView),
            ("ready", fulfilments.DealerReadyView),
            ("hand-over", fulfilments.DealerHandOverView),
            ("ship", fulfilments.DealerShipView),
        )
    ),
    *(
        path(f"supplier/fulfilments/<int:fulfilment_id>/{move}/", view.as_view(), name=f"supplier-fulfilment-{move}")
        for move, view in (
            ("accept", fulfilments.SupplierAcceptView),
            ("reject", fulfilments.SupplierRejectView),
            ("ship", fulfilments.SupplierShipView),
        )
    ),
]
