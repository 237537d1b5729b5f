"""The shop's addresses."""

from django.urls import path

from apps.portals.storefront import finance_urls, handover_urls, member_urls, service_urls, site_urls, test_drive_urls
from apps.portals.storefront.web import (
    cart,
    checkout,
    compare,
    configure,
    holes,
    home,
    lists,
    orders,
    products,
    suggest,
    talk,
    vehicles,
)

app_name = "shop"
urlpatterns = [
    path("", home.home, name="home"),
    path("vehicles/", vehicles.vehicles, name="vehicles"),
    path("vehicles/compare/", configure.compare, name="compare-cars"),
    path("vehicles/<slug:slug>/", vehicles.vehicle, name="vehicle"),
    path("vehicles/<slug:slug>/configure/", configure.configurator_page, name="configure"),
    path("vehicles/<slug:slug>/save/", configure.save, name="save-configuration"),
    path("vehicles/<slug:slug>/order/", configure.order_vehicle, name="order-vehicle"),
    path("vehicles/<slug:slug>/talk/", talk.talk, name="talk"),
    path("parts/", lists.parts, name="parts"),
    path("packages/", lists.packages, name="packages"),
    path("search/", lists.search, name="search"),
    path("search/suggest/", suggest.suggestions, name="suggest"),
    path("compare/", compare.compare, name="compare"),
    path("products/<slug:slug>/add/", products.add_to_cart, name="add-to-cart"),
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
    *finance_urls.urlpatterns,
    *handover_urls.urlpatterns,
    *member_urls.urlpatterns,
    *test_drive_urls.urlpatterns,
    *service_urls.urlpatterns,
    *site_urls.urlpatterns,
]
