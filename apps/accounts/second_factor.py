"""Has this session given a second factor? allauth writes down how a session was authenticated; this reads it."""

from types import SimpleNamespace
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from apps.accounts.models import User

MFA = "mfa"


def gave_second_factor(request: HttpRequest) -> bool:
    """
    Whether an authenticator's code was given in the session behind a request.

    Works for a browser's session and for an app's ``X-Session-Token``: the token's session is what allauth's REST
    authentication hands over as ``request.auth``.
    """
    token_session = getattr(request, "auth", None)
    carrier: Any = request if token_session is None else SimpleNamespace(session=token_session)
    return any(record.get("method") == MFA for record in get_authentication_records(carrier, request.user))


def record(request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    """Write down that an authenticator's code was given in this session."""
    record_authentication(request, user, MFA, id=authenticator.pk, type=authenticator.type)
