"""HQ's pages of dealers. What is decided about a dealer has a page of its own that asks why and calls one service."""

from apps.dealers.admin import authorizations, dealers, history, quotas, stores, territories

__all__ = ["authorizations", "dealers", "history", "quotas", "stores", "territories"]
