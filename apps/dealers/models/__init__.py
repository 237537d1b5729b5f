"""Tables of dealers, by noun."""

from apps.dealers.models.authorizations import Authorization, Territory
from apps.dealers.models.dealers import Dealer, LevelBenefit
from apps.dealers.models.fields import validate_opening_hours
from apps.dealers.models.history import ChannelChange
from apps.dealers.models.quotas import Quota, QuotaUse
from apps.dealers.models.stores import Store, StoreDay

__all__ = [
    "Authorization",
    "ChannelChange",
    "Dealer",
    "LevelBenefit",
    "Quota",
    "QuotaUse",
    "Store",
    "StoreDay",
    "Territory",
    "validate_opening_hours",
]
