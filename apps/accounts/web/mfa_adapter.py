"""Where allauth's second factors meet our rules: secrets encrypted, no way out where a role asks for one."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from apps.accounts.models import User
from apps.accounts.selectors import needs_second_factor
from apps.accounts.services.second_factors import PLACE
from apps.kernel.api import decrypt, encrypt


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts authenticator secrets and keeps the last one of those who need one."""

    def encrypt(self, text: str) -> str:
        """Seal a secret for its column."""
        return encrypt(text, place=PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret of its column."""
        return decrypt(encrypted_text, place=PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the user may take this authenticator away themselves."""
        return not needs_second_factor(authenticator.user)

    def get_totp_label(self, user: User) -> str:
        """What the authenticator app calls this account."""
        return user.email or user.masked_phone
