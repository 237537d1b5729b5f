"""Where allauth meets our users: phones, messages, sign-up."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.errors import EmailTaken, InvalidPhone, PhoneTaken
from apps.accounts.models import User, phone_index
from apps.accounts.policies import normalize_phone
from apps.accounts.ports import MESSENGER, Messenger
from apps.accounts.services import users
from apps.accounts.states import Language
from apps.kernel.api import ports


class AccountAdapter(DefaultAccountAdapter):
    """Stores phones encrypted, hands every message to the messenger, never tells who has an account."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The account or the password is not correct."),
        "phone_password_mismatch": _("The account or the password is not correct."),
        "username_password_mismatch": _("The account or the password is not correct."),
        "invalid_phone": _("Enter a valid phone number; add the country code if it is not Chinese."),
    }

    # Phones

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """A phone field that reads Chinese numbers without country code."""
        return HomePhoneField(**kwargs)

    def clean_phone(self, phone: str) -> str:
        """
        Normalize a phone number.

        :raises ValidationError: if there is no such number
        """
        normalized = normalize_phone(phone)
        if not normalized:
            raise self.validation_error("invalid_phone")
        return normalized

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """The user's phone and whether it is verified."""
        return (user.phone, user.is_phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        """Give the user a phone number."""
        self._store_phone(user, phone, verified=verified)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Note that the user proved to hold a number."""
        self._store_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The user of a number, for allauth."""
        return User.objects.filter(phone_index=phone_index(phone) or "none").first()

    def _store_phone(self, user: User, phone: str, *, verified: bool) -> None:
        try:
            stored = users.set_phone(user_id=user.pk, phone=phone, verified=verified, now=timezone.now())
        except InvalidPhone:
            raise self.validation_error("invalid_phone")
        except PhoneTaken:
            raise self.validation_error("phone_taken")
        user.set_phone(stored.phone, verified=stored.is_phone_verified)

    # Messages

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code to a phone."""
        with transaction.atomic():
            self._messenger.send_code(phone=phone, code=code, language=_language(), user_id=user.pk, now=timezone.now())

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell a phone that no account is on file for it; the page looks the same as if there were one."""
        self._notice(phone, "account_unknown")

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell a phone that it has an account already; the page looks the same as for a new one."""
        self._notice(phone, "account_exists")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write an e-mail as allauth does, and leave its sending to the messenger."""
        request = self.request
        site = SimpleNamespace(name=settings.OSCAR_SHOP_NAME, domain=urlsplit(settings.SITE_URL).netloc)
        words = {"request": request, "email": email, "current_site": site, **context}
        written = self.render_mail(template_prefix, email, words)
        html = next((part.content for part in written.alternatives), None) if written.alternatives else None
        with transaction.atomic():
            self._messenger.send_email(
                to=email,
                subject=written.subject,
                text=written.body,
                html=html,
                language=_language(),
                user_id=getattr(context.get("user"), "pk", None),
                now=timezone.now(),
            )

    def _notice(self, phone: str, notice: str) -> None:
        with transaction.atomic():
            self._messenger.send_phone_notice(phone=phone, notice=notice, language=_language(), now=timezone.now())

    @property
    def _messenger(self) -> Messenger:
        return ports.adapter(MESSENGER)

    # Sign-up

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Open the account of a sign-up form: user, phone and the fact, all or nothing."""
        data = form.cleaned_data
        user.email = data.get("email") or None
        user.display_name = data.get("display_name", "").strip()
        user.language = _language()
        user.set_password(data.get("password1") or data.get("password") or None)
        user.set_phone(data.get("phone") or None)
        if commit:
            try:
                users.open_account(user=user, now=timezone.now())
            except PhoneTaken:
                raise self.validation_error("phone_taken")
            except EmailTaken:
                raise self.validation_error("email_taken")
        return user

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts failures by e-mail or user name only: all phones would share one budget.
        if credentials.get("phone"):
            return f"phone:{phone_index(credentials['phone'])}"
        return super()._get_login_attempts_cache_key(request, **credentials)

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this site are redirected to."""
        return bool(url) and super().is_safe_url(url)


class HomePhoneField(PhoneField):
    """allauth's field, without its demand for a country code: the adapter adds that of home."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [])
        super().__init__(**kwargs)
        self.label = kwargs.get("label") or _("Mobile number")
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "tel"})
        self.widget.attrs.pop("placeholder", None)


def _language() -> str:
    active = get_language() or Language.ZH_HANS
    return active if active in Language.values else Language.ZH_HANS
