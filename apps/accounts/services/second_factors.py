"""Second factors: authenticator apps and recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from apps.accounts.errors import NotYourself
from apps.accounts.models import User
from apps.accounts.services.users import sign_out_everywhere


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
def reset_second_factor(*, user: User, by: User | None) -> int:
    """
    Forget a user's authenticators after the phone was lost, and sign them out; they enrol anew on next entry.

    :raises NotYourself: if ``by`` is that user: whoever stole a session must not shed the factor
    """
    if by is not None and by.pk == user.pk:
        raise NotYourself
    sign_out_everywhere(user_id=user.pk)
    return Authenticator.objects.filter(user=user).delete()[0]
