"""The shop's addresses."""

from django.urls import path

from apps.portals.storefront import site_urls
from apps.portals.storefront.web import cart, checkout, holes, home, orders, products, stores, vehicles

app_name = "shop"
urlpatterns = [
    path("", home.home, name="home"),
    path("vehicles/", vehicles.vehicles, name="vehicles"),
    path("vehicles/<slug:slug>/", vehicles.vehicle, name="vehicle"),
    path("vehicles/<slug:slug>/order/", vehicles.order_vehicle, name="order-vehicle"),
    path("parts/", products.parts, name="parts"),
    path("packages/", products.packages, name="packages"),
    path("search/", products.search, name="search"),
    path("products/<slug:slug>/", products.product, name="product"),
    path("products/<slug:slug>/add/", products.add_to_cart, name="add-to-cart"),
    path("stores/", stores.stores, name="stores"),
    path("cart/", cart.cart, name="cart"),
    path("cart/lines/<int:line_id>/", cart.change, name="cart-line"),
    path("cart/undo/", cart.undo, name="cart-undo"),
    path("cart/vouchers/", cart.voucher, name="cart-voucher"),
    path("checkout/", checkout.check_out, name="check-out"),
    path("checkout/pay/<slug:number>/", checkout.cashier, name="cashier"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/pay/", checkout.pay, name="pay-order"),
    path("orders/<slug:number>/cancel/", orders.cancel, name="cancel-order"),
    path("orders/<slug:number>/again/", orders.buy_again, name="buy-again"),
    path("orders/<slug:number>/fulfilments/<int:fulfilment_id>/received/", orders.received, name="received"),
    path("account/", orders.account, name="account"),
    path("me/holes/", holes.holes, name="holes"),
    *site_urls.urlpatterns,
]
