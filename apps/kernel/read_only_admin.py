"""Bases for admin pages: of tables that people may read and never edit, and of rows that hold on some days."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)


def show_period(period: Any) -> str:
    """Return a half-open period of days by its first and last day, as people name it."""
    first = period.lower.isoformat() if period.lower else "…"
    return f"{first} – {(period.upper - DAY).isoformat()}" if period.upper else f"{first} –"


class DatedAdminMixin:
    """Shows when a row holds (its field ``valid``, days) under the name ``period``."""

    def period(self, row: Any) -> str:
        """Show the first and the last day."""
        return show_period(row.valid)

    # Not by a decorator: those of the admin cannot be imported before the models are there.
    period.short_description = _("valid")  # type: ignore[attr-defined]
    period.admin_order_field = "valid"  # type: ignore[attr-defined]


class ReadOnlyAdminMixin:
    """Shows rows; adding, changing and deleting are off. What staff may do are actions, each one service call."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Off: rows come from services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: rows change through services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: nothing is deleted by hand."""
        return False
