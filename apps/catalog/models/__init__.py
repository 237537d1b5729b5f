"""Tables of the catalog, by noun."""

from apps.catalog.models.choices import OfferChoice
from apps.catalog.models.listings import PRICE_STEPS, Listing, ListingShape
from apps.catalog.models.offers import Offer, OfferPrice, Seller, TaxRate
from apps.catalog.models.price_changes import PriceChange, PriceChangeRule
from apps.catalog.models.price_lists import PriceEntry, PriceList, PriceListVersion
from apps.catalog.models.products import Brand, CategoryInfo, Fitment, Package, ProductInfo
from apps.catalog.models.proposals import ForbiddenClaim, ProductProposal
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
    "ForbiddenClaim",
    "Listing",
    "ListingShape",
    "Offer",
    "OfferChoice",
    "OfferPrice",
    "Option",
    "OptionGroup",
    "OptionRule",
    "Package",
    "PriceChange",
    "PriceChangeRule",
    "PriceEntry",
    "PriceList",
    "PriceListVersion",
    "ProductInfo",
    "ProductProposal",
    "Seller",
    "Series",
    "TaxRate",
    "Trim",
    "TrimOption",
    "VehicleModel",
]
