"""Team and API keys, under /supplier/ and /dealer/: for the managers of that kind of organization only."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from apps.accounts.api import OrganizationKind, Role, require_roles
from apps.accounts.web import keys, team

MANAGERS = {OrganizationKind.SUPPLIER: Role.SUPPLIER, OrganizationKind.DEALER: Role.DEALER_MANAGER}


def portal_urls(kind: OrganizationKind) -> list[URLPattern]:
    """Return the routes for one kind's portal."""
    name = kind.value.lower()

    def managers_only(view: Callable[..., HttpResponseBase], *methods: str) -> Any:
        bound = update_wrapper(partial(view, kind=kind), view)
        return require_http_methods(list(methods))(require_roles(MANAGERS[kind])(bound))

    return [
        path("team/", managers_only(team.show, "GET", "HEAD", "POST"), name=f"{name}-team"),
        path("team/<int:member_id>/role/", managers_only(team.change_role, "POST"), name=f"{name}-team-role"),
        path("team/<int:member_id>/remove/", managers_only(team.remove, "POST"), name=f"{name}-team-remove"),
        path(
            "team/invitations/<int:invitation_id>/withdraw/",
            managers_only(team.withdraw, "POST"),
            name=f"{name}-team-withdraw",
        ),
        path("keys/", managers_only(keys.show, "GET", "HEAD", "POST"), name=f"{name}-keys"),
        path("keys/<int:key_id>/revoke/", managers_only(keys.revoke, "POST"), name=f"{name}-keys-revoke"),
    ]


supplier = portal_urls(OrganizationKind.SUPPLIER)
dealer = portal_urls(OrganizationKind.DEALER)
