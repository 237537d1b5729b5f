"""
The only door to Oscar: it lends Oscar's models to the app that owns the noun, and to no other.

``Product*``, ``Category``, ``Partner`` and the price on ``StockRecord`` belong to catalog; the numbers on
``StockRecord`` to inventory; ``Basket*``, ``Order*`` and ``ShippingAddress`` to orders.
"""

from oscar.apps.address.models import Country
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.models import Category, Product, ProductCategory, ProductClass, ProductImage

from apps.shop.order.models import Line as OrderLine
from apps.shop.order.models import Order, ShippingAddress
from apps.shop.partner.models import Partner, StockRecord

__all__ = [
    "Basket",
    "BasketLine",
    "Category",
    "Country",
    "Order",
    "OrderLine",
    "Partner",
    "Product",
    "ProductCategory",
    "ProductClass",
    "ProductImage",
    "ShippingAddress",
    "StockRecord",
]
