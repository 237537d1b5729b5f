"""HQ's view of sites and stock."""

from apps.inventory.admin import sites, stock

__all__ = ["sites", "stock"]
