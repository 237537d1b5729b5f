"""What our sign-up asks beside allauth's fields. Apart from forms.py, as allauth imports it while it builds its own."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class SignUpDetails(forms.Form):
    """The part of sign-up that the pages and the app API share."""

    display_name = forms.CharField(
        label=_("What should we call you? (optional)"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def clean(self) -> dict[str, Any]:
        """A new account needs an address, and a password unless codes can reach its phone."""
        data = super().clean() or self.cleaned_data
        phone, email = data.get("phone"), data.get("email")
        password_field = "password1" if "password1" in self.fields else "password"
        if not phone and not email and not {"phone", "email"} & set(self.errors):
            self.add_error(
                "phone" if "phone" in self.fields else None, _("Enter a mobile number or an e-mail address.")
            )
        if email and not phone and not data.get(password_field) and password_field not in self.errors:
            self.add_error(
                password_field if password_field in self.fields else None,
                _("Choose a password, or sign up with a mobile number."),
            )
        return data

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing is left to do: the adapter stores these fields in the transaction that opens the account."""
