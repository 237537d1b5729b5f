"""A base for admin pages of tables that people may read and never edit."""

from typing import Any

from django.http import HttpRequest


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
