"""The catalog's answers to ports of the apps below it."""

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from apps.catalog.models import OfferPrice as PriceVersion
from apps.catalog.models import TaxRate
from apps.catalog.policies.prices import derive_price
from apps.catalog.selectors.prices import entries_over, read_entries
from apps.catalog.services.offer_import import OfferImport
from apps.catalog.services.part_import import PartImport
from apps.catalog.services.price_list_import import PriceListImport
from apps.kernel.api import Money
from apps.shop.ports import ShownPrice

__all__ = ["OfferImport", "OfferPrice", "PartImport", "PriceListImport"]


class OfferPrice:
    """Answers ``shop.price`` from the price versions of offers and the price lists that hold for everybody."""

    def price_of(self, *, stock_record_id: int, at: datetime) -> ShownPrice | None:
        """Return the price valid at ``at``, or None for an offer that is not for sale then."""
        rate = TaxRate.objects.filter(
            tax_class=OuterRef("offer__product__info__tax_class"), valid__contains=timezone.localdate(at)
        )
        version = (
            PriceVersion.objects.filter(offer__stock_record=stock_record_id, valid__contains=at)
            .annotate(tax_rate=Subquery(rate.values("rate")[:1]), entries=entries_over("offer__product_id", at=at))
            .first()
        )
        if version is None or version.tax_rate is None:
            return None
        price = derive_price(Money(version.amount, version.currency), read_entries(version.entries)).price
        return ShownPrice(amount=price.amount, currency=price.currency, tax_rate=version.tax_rate)
