"""HQ's pages of the catalog."""

from apps.catalog.admin import goods, offers, price_lists, reviews, vehicles

__all__ = ["goods", "offers", "price_lists", "reviews", "vehicles"]
