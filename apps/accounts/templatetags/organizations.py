"""The switcher of a person who works in several organizations."""

from typing import Any

from django import template

from apps.accounts.api import OrganizationKind, current_organization, list_own_organizations

register = template.Library()


@register.inclusion_tag("account/_switcher.html", takes_context=True)
def organization_switcher(context: dict[str, Any], kind: str) -> dict[str, Any]:
    """Show for which organization of this kind the page acts, and offer the person's others."""
    request = context["request"]
    return {
        "organization": current_organization(request, kind),
        "organizations": list_own_organizations(request, OrganizationKind(kind)),
        "kind": kind,
        "csrf_token": context.get("csrf_token"),
    }
