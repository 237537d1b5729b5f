"""Sign-in of programs: ``Authorization: Bearer xk_…``."""

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.accounts.errors import ScopeMissing
from apps.accounts.models import ApiKey, User
from apps.accounts.services.api_keys import KEY_PREFIX, use_api_key

SCHEME = "Bearer "


class ApiKeyAuthentication(BaseAuthentication):
    """
    Signs a program in by its organization's key, for addresses that say which right they need.

    A view opens itself to keys by ``scopes = {"GET": Scope.STOCK_READ, …}``; every other address refuses every key, so
    a key never buys, signs or reads as a person.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """
        Return the key's maker and the key; None when the request shows no key.

        :raises KeyInvalid: if the key is worth nothing
        :raises ScopeMissing: if it lacks the right, or no key opens this address
        """
        header = request.headers.get("Authorization", "")
        if not header.startswith(SCHEME + KEY_PREFIX):
            return None
        key = use_api_key(secret=header.removeprefix(SCHEME), now=timezone.now())
        needed = getattr(request.parser_context["view"], "scopes", {}).get(_reading_method(request))
        if needed is None or needed not in key.scopes:
            raise ScopeMissing(needed=str(needed or ""))
        return key.created_by, key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """The key in the schema."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An HTTP bearer."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "xk_…"}


def _reading_method(request: Request) -> str:
    return "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
