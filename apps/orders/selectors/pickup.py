"""Which stores may hand a cart over, and which rule keeps the others from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.catalog.api import Trim
from apps.dealers.api import (
    AuthorizationKind,
    AuthorizationRule,
    Store,
    StoreService,
    explain_rule,
    list_receiving_rules,
    list_stores,
    load_standing,
)
from apps.orders.selectors.carts import CartView
from apps.orders.selectors.sites import list_dealers_without_quota


@dataclass(frozen=True, kw_only=True)
class PickupStore:
    """An open store, and the rule that keeps it from handing this cart over, if one does."""

    store: Store
    failed_rule: AuthorizationRule | None

    @property
    def explanation(self) -> str:
        """Why it may not, in the reader's language."""
        return explain_rule(self.failed_rule)


def list_pickup_stores(cart: CartView, *, at: datetime) -> list[PickupStore]:
    """List the stores that do what the cart needs, with the verdict on each; checkout decides again."""
    stores = list(list_stores(service=StoreService.SALES if cart.has_vehicle else None))
    rules = _rules_of_cars(stores, cart, at=at) if cart.has_vehicle else _rules_of_goods(stores, at=at)
    return [PickupStore(store=store, failed_rule=rules.get(store.pk)) for store in stores]


def _rules_of_goods(stores: Iterable[Store], *, at: datetime) -> dict[int, AuthorizationRule]:
    return list_receiving_rules(stores, on=timezone.localdate(at))


def _rules_of_cars(stores: list[Store], cart: CartView, *, at: datetime) -> dict[int, AuthorizationRule]:
    on = timezone.localdate(at)
    pieces = {line.product_id: line.quantity for line in cart.lines}
    brand_of = dict(Trim.objects.filter(product_id__in=pieces).values_list("product_id", "model__series__brand__code"))
    dealers = {store.dealer_id for store in stores}
    rules: dict[int, AuthorizationRule] = {}
    for product_id in brand_of:
        used_up = list_dealers_without_quota(dealers, product_id=product_id, vehicles=pieces[product_id], on=on)
        rules |= {store.pk: AuthorizationRule.QUOTA for store in stores if store.dealer_id in used_up}
    for brand_code in sorted(set(brand_of.values())):
        standing = load_standing(dealers, brand_code=brand_code, kind=AuthorizationKind.SALES, on=on)
        for store in stores:
            rule = standing.failed_rule(store.dealer_id, region_code=store.district_code)
            if rule is not None:
                rules[store.pk] = rule
    return rules
