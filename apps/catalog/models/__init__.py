"""Tables of the catalog, by noun."""

from apps.catalog.models.listings import PRICE_STEPS, Listing, ListingShape
from apps.catalog.models.offers import Offer, OfferPrice, Seller, TaxRate
from apps.catalog.models.products import Brand, CategoryInfo, Fitment, Package, ProductInfo
from apps.catalog.models.vehicles import (
    Configuration,
    Option,
    OptionGroup,
    OptionRule,
    Series,
    Trim,
    TrimOption,
    VehicleModel,
)

__all__ = [
    "PRICE_STEPS",
    "Brand",
    "CategoryInfo",
    "Configuration",
    "Fitment",
    "Listing",
    "ListingShape",
    "Offer",
    "OfferPrice",
    "Option",
    "OptionGroup",
    "OptionRule",
    "Package",
    "ProductInfo",
    "Seller",
    "Series",
    "TaxRate",
    "Trim",
    "TrimOption",
    "VehicleModel",
]
