"""Signals that frameworks send; each receiver makes one call."""

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.apps import apps
from django.http import HttpRequest

from apps.accounts import second_factor
from apps.accounts.models import User
from apps.accounts.permissions import ensure_role_permissions
from apps.accounts.services.users import renew_session_key


def connect() -> None:
    """Connect what allauth tells us."""
    authenticator_added.connect(count_enrolment_as_proof, dispatch_uid="accounts.count_enrolment_as_proof")
    authentication_step_completed.connect(renew_key_on_second_factor, dispatch_uid="accounts.renew_key")


def fill_role_groups(sender: Any, app_config: Any, **kwargs: Any) -> None:
    """Fill the roles' groups once all apps have their permissions: after the last app that has models."""
    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config == with_models[-1]:
        ensure_role_permissions()


def count_enrolment_as_proof(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever sets up an authenticator has just typed a code of it: the session need not ask again."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.record(request, user, authenticator)


def renew_key_on_second_factor(sender: Any, request: HttpRequest, method: str, **kwargs: Any) -> None:
    """A session whose rights grew by a second factor gets a new key; a sign-in gets one anyway."""
    if method == second_factor.MFA and request.user.is_authenticated:
        renew_session_key(request.session)
