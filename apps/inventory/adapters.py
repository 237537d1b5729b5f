"""Inventory's answers to ports of apps below."""

from django.db.models import F, Sum

from apps.inventory.models import StockLevel, Unit
from apps.inventory.policies import is_valid_vin
from apps.inventory.selectors import list_own_sites
from apps.inventory.services.stock_import import StockImport

__all__ = ["SiteAvailability", "SiteDirectory", "StockImport", "VehicleRegistry"]


class SiteAvailability:
    """Answers ``shop.availability`` from the levels of the offer's sites."""

    def available(self, *, stock_record_id: int) -> int:
        """Return the pieces free to promise over all sites of the offer; never negative."""
        total = StockLevel.objects.filter(stock_record_id=stock_record_id).aggregate(
            free=Sum(F("on_hand") - F("safety_stock") - F("reserved") - F("allocated"))
        )["free"]
        return max(total or 0, 0)


class SiteDirectory:
    """Answers ``catalog.site_directory``: whose sites there are."""

    def ships_for(self, *, site_code: str, organization_id: int) -> bool:
        """Whether the site is open and belongs to the organization."""
        return list_own_sites(organization_id).filter(code=site_code).exists()


class VehicleRegistry:
    """Answers ``membership.vehicles`` from the units we built."""

    def is_vin(self, vin: str) -> bool:
        """Whether the text is a VIN with the right check digit."""
        return is_valid_vin(vin)

    def product_of(self, vin: str) -> int | None:
        """Return the product id of the trim that was built under this VIN, None for a car we do not know."""
        return Unit.objects.filter(vin=vin).values_list("product_id", flat=True).first()
