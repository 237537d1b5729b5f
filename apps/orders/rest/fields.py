"""Strict inputs: JSON numbers are numbers, text is text."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class WholeNumberField(serializers.IntegerField):
    """A JSON whole number. ``"2"``, ``true`` and ``2.0`` are not."""

    default_error_messages = {"type": _("This must be a whole number, not text.")}

    def to_internal_value(self, data: Any) -> int:
        """Return the number, or refuse anything else."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("type")
        return data


class TextField(serializers.CharField):
    """JSON text. Numbers and booleans are not turned into it."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text, or refuse anything else."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
