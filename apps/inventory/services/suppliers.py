"""What a supplier may write: counts of its own offers at its own sites."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from apps.catalog.api import get_offer
from apps.inventory.errors import UnknownSite
from apps.inventory.models import Site
from apps.inventory.services.stock import StockView, set_on_hand
from apps.kernel.api import attempts

if TYPE_CHECKING:
    from apps.accounts.api import User


@dataclass(frozen=True, kw_only=True)
class OfferStock(StockView):
    """The figures of one offer at one site, in pieces."""

    sku: str


@attempts.trailed("inventory.count_supplier_stock", subject="sku", keeps=("organization_id", "site_code", "on_hand"))
def count_supplier_stock(
    *, organization_id: int, sku: str, site_code: str, on_hand: int, by: "User", now: datetime
) -> OfferStock:
    """
    Record a supplier's count of one of its offers at one of its sites.

    :raises OfferNotFound: if the organization has no offer with this SKU
    :raises UnknownSite: if the site does not exist or is not the organization's
    :raises SiteClosed: if it was closed
    :raises StockBelowPromised: if buyers were promised more than that
    """
    offer = get_offer(sku=sku, organization_id=organization_id)
    if not Site.objects.filter(code=site_code, organization_id=organization_id).exists():
        raise UnknownSite(site=site_code)
    stock = set_on_hand(product_id=offer.product_id, site_code=site_code, on_hand=on_hand, by=by, now=now)
    return OfferStock(sku=sku, **asdict(stock))
