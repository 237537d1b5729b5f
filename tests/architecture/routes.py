"""Every route of the suite, and who its view says may enter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from apps.accounts.api import Audience, Role

HQ = frozenset({Role.HQ_OPERATOR, Role.HQ_AUDITOR})
# Packages guard their own views; what guards them is named here, by the beginning of the path. The first match counts.
FRAMEWORKS: tuple[tuple[str, Any], ...] = (
    # The admin's and the CMS's own doors: sign-in lies elsewhere, they only point there.
    (r"admin/(login|logout|jsi18n)/|cms/(login|logout|jsi18n|sprite|password_reset)", Audience.EVERYONE),
    (r"admin/", HQ),
    (r"cms/", frozenset({Role.CMS_EDITOR})),
    # allauth: pages and API of signing in; each asks for what it needs.
    (r"account/|_allauth/", Audience.EVERYONE),
    # Published pages, their documents and the language switch.
    (r"documents/|language/|_util/|\^", Audience.EVERYONE),
    (r"api/v1/\^|api/v1/docs/|api/v1/schema/", Audience.EVERYONE),
)
REST_AUDIENCES = {"AllowAny": Audience.EVERYONE, "IsAuthenticated": Audience.MEMBERS}
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One route: its path as written, its view, and the parameters of its address."""

    pattern: str
    template: str
    view: Any
    name: str
    parameters: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Whether the view is the project's own."""
        return self.view.__module__.startswith(("apps.", "s2b2c."))

    @property
    def view_class(self) -> Any:
        """The class behind a class-based view."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    @property
    def is_rest(self) -> bool:
        """Whether it belongs to the API."""
        return hasattr(self.view, "cls")

    @property
    def admitted(self) -> frozenset[Role] | Audience | None:
        """The roles or the audience the view declares; None for a view that declares nothing."""
        declared = getattr(self.view, "roles", None) or getattr(self.view, "audience", None)
        if declared is None and self.is_rest:
            declared = _of_permissions(self.view_class.permission_classes)
        if declared is None and self.view_class is not None:
            declared = getattr(self.view_class, "audience", None)
        if declared is None and not self.is_declared_by_us:
            declared = next((who for start, who in FRAMEWORKS if re.match(start, self.pattern)), None)
        return Audience(declared) if isinstance(declared, str) else declared

    @property
    def is_declared_by_us(self) -> bool:
        """Whether the view must declare for itself; pages that hang in the admin are guarded by the admin."""
        return self.is_ours and not self.pattern.startswith("admin/") and not re.match(r"api/v1/\^", self.pattern)

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods to try."""
        if self.is_rest:
            return tuple(method for method in METHODS if hasattr(self.view_class, method))
        return ("get", "post")

    def path(self, values: dict[str, Any]) -> str:
        """Its address with these values."""
        return "/" + self.template % values


def list_routes() -> list[Route]:
    """Return every route, in the order in which requests meet them."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: Any, pattern: str, template: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        text, more = normalize(entry.pattern.regex.pattern)[0]
        found = (pattern + str(entry.pattern), template + text, (*parameters, *more))
        if isinstance(entry, URLResolver):
            yield from _walk(entry, *found)
        elif isinstance(entry, URLPattern):
            yield Route(found[0], found[1], entry.callback, entry.name or "", found[2])


def _of_permissions(classes: Any) -> Any:
    for permission in classes:
        roles = getattr(permission, "roles", None)
        if roles:
            return roles
        if permission.__name__ in REST_AUDIENCES:
            return REST_AUDIENCES[permission.__name__]
    return None
