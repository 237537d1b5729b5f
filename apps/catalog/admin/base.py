"""What the pages share: nothing is deleted by hand, and a refusal of a service is a message."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from apps.kernel.api import DomainError


def show_period(period: Any) -> str:
    """A half-open period of days or instants, as people read it; an open end ends with a dash."""
    if not period:
        return "–"
    first, last = (_show_end(end) for end in (period.lower, period.upper))
    return f"{first} – {last}".rstrip()


def _show_end(end: date | datetime | None) -> str:
    if end is None:
        return ""
    return f"{timezone.localtime(end):%Y-%m-%d %H:%M}" if isinstance(end, datetime) else f"{end:%Y-%m-%d}"


class CatalogAdmin(ModelAdmin):
    """Editable, never deletable."""

    show_full_result_count = False

    @display(description=_("valid"), ordering="valid")
    def period(self, row: Any) -> str:
        """When it holds, in words."""
        return show_period(row.valid)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: what is sold is history; it is withdrawn instead."""
        return False

    def for_each(self, request: HttpRequest, rows: Any, act: Callable[[Any], object], done: str) -> None:
        """Call ``act`` for every chosen row and say what came of it; ``done`` may name ``%(count)s``."""
        count = 0
        for row in rows:
            try:
                act(row)
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)


class CatalogInline(TabularInline):
    """Rows of something else; they may be added and changed, not deleted."""

    extra = 0
    can_delete = False
    show_change_link = False


class ReadOnlyInline(CatalogInline):
    """Rows to read."""

    @display(description=_("valid"))
    def period(self, row: Any) -> str:
        """When it holds, in words."""
        return show_period(row.valid)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Off: services write these."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Off: services write these."""
        return False
