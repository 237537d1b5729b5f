"""Second factors: authenticator apps and recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from apps.accounts.models import User


@transaction.atomic
def enroll_totp(*, user: User, secret: str) -> None:
    """
    Give a user an authenticator app with a known base32 secret, in place of any other; with recovery codes.

    For demo accounts and for a secret handed over in person; everybody else enrols through the pages.
    """
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)


@transaction.atomic
def reset_second_factor(*, user: User) -> int:
    """Forget a user's authenticators, after the phone was lost; the number forgotten. They enrol anew on next entry."""
    return Authenticator.objects.filter(user=user).delete()[0]
