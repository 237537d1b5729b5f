"""The catalog's answers to ports of the apps below it."""

from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from apps.catalog.models import OfferPrice as PriceVersion
from apps.catalog.models import TaxRate
from apps.catalog.services.part_import import PartImport
from apps.shop.ports import ShownPrice

__all__ = ["OfferPrice", "PartImport"]


class OfferPrice:
    """Answers ``shop.price`` from the price versions of offers."""

    def price_of(self, *, stock_record_id: int, at: datetime) -> ShownPrice | None:
        """Return the price valid at ``at``, or None for an offer that is not for sale then."""
        rate = TaxRate.objects.filter(
            tax_class=OuterRef("offer__product__info__tax_class"), valid__contains=timezone.localdate(at)
        )
        version = (
            PriceVersion.objects.filter(offer__stock_record=stock_record_id, valid__contains=at)
            .annotate(tax_rate=Subquery(rate.values("rate")[:1]))
            .first()
        )
        if version is None or version.tax_rate is None:
            return None
        return ShownPrice(amount=version.amount, currency=version.currency, tax_rate=version.tax_rate)
