"""The door to inventory."""

from apps.inventory.models import Movement, Reservation, Site, StockLevel, Unit
from apps.inventory.policies import is_valid_vin
from apps.inventory.selectors import (
    AGE_BANDS,
    AGEING_FROM_DAYS,
    OwnUnit,
    access_site,
    age_band,
    availability,
    availability_by_site,
    get_unit,
    list_own_levels,
    list_own_sites,
    list_own_units,
    list_sites,
    name_place,
    stock_at_stores,
    what_lies_at,
)
from apps.inventory.services.demo_units import demonstrate_unit
from apps.inventory.services.loading import load_sites, load_stock, load_units
from apps.inventory.services.reservations import (
    Demand,
    Promise,
    allocate,
    divide_promise,
    expire_reservations,
    release,
    reserve,
    ship,
)
from apps.inventory.services.sites import SiteWish, change_site, close_site, open_site
from apps.inventory.services.stock import StockView, check_levels, receive, set_on_hand
from apps.inventory.services.suppliers import OfferStock, count_supplier_stock
from apps.inventory.services.units import assign_unit, move_unit, place_unit, receive_unit, unassign_unit
from apps.inventory.states import SiteKind, UnitStatus

__all__ = [
    "AGEING_FROM_DAYS",
    "AGE_BANDS",
    "Demand",
    "Movement",
    "OfferStock",
    "OwnUnit",
    "Promise",
    "Reservation",
    "Site",
    "SiteKind",
    "SiteWish",
    "StockLevel",
    "StockView",
    "Unit",
    "UnitStatus",
    "access_site",
    "age_band",
    "allocate",
    "assign_unit",
    "availability",
    "availability_by_site",
    "change_site",
    "check_levels",
    "close_site",
    "count_supplier_stock",
    "demonstrate_unit",
    "divide_promise",
    "expire_reservations",
    "get_unit",
    "is_valid_vin",
    "list_own_levels",
    "list_own_sites",
    "list_own_units",
    "list_sites",
    "load_sites",
    "load_stock",
    "load_units",
    "move_unit",
    "name_place",
    "open_site",
    "place_unit",
    "receive",
    "receive_unit",
    "release",
    "reserve",
    "set_on_hand",
    "ship",
    "stock_at_stores",
    "unassign_unit",
    "what_lies_at",
]
