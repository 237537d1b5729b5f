"""HQ's pages of the catalog."""

from apps.catalog.admin import goods, offers, vehicles

__all__ = ["goods", "offers", "vehicles"]
