"""Addresses of the desk a page belongs to."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """Return an address of this desk by the end of its name: ``{% desk_url "chat" reference %}``."""
    return context["desk"].url(name, *args)
