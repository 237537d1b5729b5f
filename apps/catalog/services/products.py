"""Products of Oscar and what we add to them."""

from apps.catalog.states import STOCKED_KINDS, ProductKind
from apps.shop.api import ProductClass


def product_class(kind: ProductKind | str) -> ProductClass:
    """Oscar's class of a kind of product, made at first use."""
    stocked = kind in STOCKED_KINDS
    defaults = {"name": ProductKind(kind).name.title(), "requires_shipping": stocked, "track_stock": stocked}
    return ProductClass.objects.get_or_create(slug=ProductKind(kind).value, defaults=defaults)[0]
