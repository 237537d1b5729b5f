"""The only door to dealers."""

from apps.dealers.errors import DealerNotAuthorized, UnknownDealer, UnknownStore
from apps.dealers.models import Authorization, Dealer, Store
from apps.dealers.policies import AuthorizationRule, is_open_at, next_change_at, region_covers
from apps.dealers.selectors import (
    CandidateStore,
    find_store,
    get_dealer,
    get_store,
    is_authorized,
    list_candidate_stores,
    list_stores,
    require_authorization,
)
from apps.dealers.services.reference import load_dealers
from apps.dealers.services.standing import block_dealer, lift_block, restore_dealer, suspend_dealer
from apps.dealers.states import DEALER, AuthorizationKind, DealerLevel, DealerStatus, StoreService

__all__ = [
    "DEALER",
    "Authorization",
    "AuthorizationKind",
    "AuthorizationRule",
    "CandidateStore",
    "Dealer",
    "DealerLevel",
    "DealerNotAuthorized",
    "DealerStatus",
    "Store",
    "StoreService",
    "UnknownDealer",
    "UnknownStore",
    "block_dealer",
    "find_store",
    "get_dealer",
    "get_store",
    "is_authorized",
    "is_open_at",
    "lift_block",
    "list_candidate_stores",
    "list_stores",
    "load_dealers",
    "next_change_at",
    "region_covers",
    "require_authorization",
    "restore_dealer",
    "suspend_dealer",
]
