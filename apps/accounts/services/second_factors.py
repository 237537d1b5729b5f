"""Second factors: authenticator apps and recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.db.models import Q

from apps.accounts.errors import NotYourself
from apps.accounts.models import User
from apps.accounts.services.users import sign_out_everywhere
from apps.kernel.api import current_key_id

PLACE = "mfa_authenticator.data"
# What allauth's adapter seals in the column ``data``: an authenticator app's secret, the seed of recovery codes.
SEALED = ("secret", "seed")


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
def reseal_authenticators(batch: int) -> int:
    """
    Seal the secrets of at most ``batch`` authenticators again that are not under the current key; return how many.

    :raises DecryptionFailed: if one does not open
    """
    old = Q(data__has_key="secret") & ~Q(data__secret__startswith=f"{current_key_id()}:")
    old |= Q(data__has_key="seed") & ~Q(data__seed__startswith=f"{current_key_id()}:")
    rows = list(Authenticator.objects.select_for_update(no_key=True).filter(old).order_by("pk")[:batch])
    for row in rows:
        row.data |= {name: encrypt(decrypt(row.data[name])) for name in SEALED if name in row.data}
        row.save(update_fields=["data"])
    return len(rows)


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
