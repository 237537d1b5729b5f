"""Loading the reference data of ``config/reference``: every function may be run again and then changes nothing."""

from apps.catalog.services.reference.cars import load_vehicles
from apps.catalog.services.reference.goods import load_packages, load_parts
from apps.catalog.services.reference.supply import load_price_lists, load_supply_rules, load_waiting
from apps.catalog.services.reference.tables import load_categories, load_tax_rates

__all__ = [
    "load_categories",
    "load_packages",
    "load_parts",
    "load_price_lists",
    "load_supply_rules",
    "load_tax_rates",
    "load_vehicles",
    "load_waiting",
]
