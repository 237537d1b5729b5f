"""Strict inputs, where JSON numbers are numbers and text is text; and pictures by their full address."""

from typing import Any
from urllib.parse import urljoin

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.orders import conf


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


class PictureField(serializers.CharField):
    """The address of a picture in full, as products give it; "" where there is none."""

    def to_representation(self, value: Any) -> str:
        """Complete a path by the host that was asked, or by the site's own."""
        if not value:
            return ""
        request = self.context.get("request")
        return request.build_absolute_uri(value) if request is not None else urljoin(conf.site_url(), value)
