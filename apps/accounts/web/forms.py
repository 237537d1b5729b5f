"""allauth's forms with our words, and the attributes that phones and password managers read."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm as TOTPForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):
    """Sign-in by password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("Mobile number or e-mail")
        login.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        self.fields["password"].help_text = ""
        if "remember" in self.fields:
            self.fields["remember"].label = _("Keep me signed in on this device")
        _drop_placeholders(self)


class SignupForm(allauth_forms.SignupForm):
    """A new account, by mobile number or by e-mail."""

    field_order = ["phone", "email", "password1", "display_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("Mobile number")
        self.fields["phone"].help_text = _("We send a code to confirm it.")
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = _(
            "At least 10 characters. With a mobile number you may leave it empty and sign in by SMS code."
        )
        # The template hides the trap for robots; a style attribute would break the content policy.
        self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD].widget.attrs.pop("style")
        _drop_placeholders(self)


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """Sign-in by code: to a mobile number, or to an e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("Mobile number")
        self.fields["email"].label = _("or e-mail")
        self.order_fields(["phone", "email"])
        _drop_placeholders(self)

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        data = super().clean()
        if not self.errors and not (data.get("phone") or data.get("email")):
            self.add_error("phone", _("Enter a mobile number or an e-mail address."))
        return data


class OneTimeCodeMixin(forms.Form):
    """A field for six digits: phones offer to fill it in and show their number keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.widget.attrs.update({"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"})
        _drop_placeholders(self)


class ConfirmLoginCodeForm(OneTimeCodeMixin, allauth_forms.ConfirmLoginCodeForm):
    """The code of a sign-in by code."""


class VerifyPhoneForm(OneTimeCodeMixin, allauth_forms.VerifyPhoneForm):
    """The code that proves a phone."""


class AuthenticateForm(OneTimeCodeMixin, mfa_forms.AuthenticateForm):
    """The second step of a sign-in."""


class ReauthenticateByCodeForm(OneTimeCodeMixin, mfa_forms.ReauthenticateForm):
    """The second factor, given within a session."""


class ActivateTOTPForm(OneTimeCodeMixin, TOTPForm):
    """The first code of a new authenticator app."""


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password, given again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        _drop_placeholders(self)


class AddEmailForm(allauth_forms.AddEmailForm):
    """One more address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _drop_placeholders(self)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _drop_placeholders(self)


class NewPasswordMixin(forms.Form):
    """Password fields without placeholders, the rule said once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 10 characters, not only digits, nothing easily guessed.")
        _drop_placeholders(self)


class ChangePasswordForm(NewPasswordMixin, allauth_forms.ChangePasswordForm):
    """A new password for the old one."""


class SetPasswordForm(NewPasswordMixin, allauth_forms.SetPasswordForm):
    """A first password."""


class ResetPasswordKeyForm(NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):
    """A new password after a link."""


def _drop_placeholders(form: forms.Form) -> None:
    """Labels say what a field is; a placeholder only repeats it in a colour few can read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
