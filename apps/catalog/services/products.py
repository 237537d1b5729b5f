"""Products of Oscar and what we add to them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.models import ProductInfo
from apps.catalog.services.projections import index_products
from apps.catalog.states import STOCKED_KINDS, ProductKind
from apps.events.api import ProductChanged
from apps.kernel.api import outbox
from apps.shop.api import Product, ProductClass


def product_class(kind: ProductKind | str) -> ProductClass:
    """Oscar's class of a kind of product, made at first use."""
    stocked = kind in STOCKED_KINDS
    defaults = {"name": ProductKind(kind).name.title(), "requires_shipping": stocked, "track_stock": stocked}
    return ProductClass.objects.get_or_create(slug=ProductKind(kind).value, defaults=defaults)[0]


@transaction.atomic
def edit_product(info: ProductInfo, *, title_zh: str, by: User | None, now: datetime) -> ProductInfo:
    """Save the texts of a product as ``info`` holds them, its Chinese title with them, and index it anew."""
    info.save()
    Product.objects.filter(pk=info.pk).update(title=title_zh)
    _tell_changed([info.pk], now=now)
    return info


@transaction.atomic
def publish_products(product_ids: Collection[int], *, by: User | None, now: datetime) -> int:
    """Show products in the shop; those among them that nobody offers wait for an offer. Returns how many are new."""
    hidden = Product.objects.filter(pk__in=product_ids, is_public=False)
    changed = list(hidden.values_list("pk", flat=True))
    Product.objects.filter(pk__in=changed).update(is_public=True)
    _tell_changed(changed, now=now)
    return len(changed)


@transaction.atomic
def withdraw_products(product_ids: Collection[int], *, by: User | None, now: datetime) -> int:
    """Take products off the shop; orders that hold them go on. Returns how many were there."""
    shown = Product.objects.filter(pk__in=product_ids, is_public=True)
    changed = list(shown.values_list("pk", flat=True))
    Product.objects.filter(pk__in=changed).update(is_public=False)
    _tell_changed(changed, now=now)
    return len(changed)


def _tell_changed(product_ids: Collection[int], *, now: datetime) -> None:
    index_products(product_ids)
    for product_id in product_ids:
        outbox.record(ProductChanged(product_id=product_id), at=now)
