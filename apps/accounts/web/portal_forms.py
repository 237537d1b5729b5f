"""Forms of the team's and the keys' page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.states import ROLES_OF_KIND, SCOPES_OF_KIND, MemberRole, OrganizationKind

LIFETIMES = ((30, _("30 days")), (90, _("90 days")), (365, _("1 year")))


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    address = forms.CharField(
        label=_("E-mail or mobile number"),
        max_length=254,
        help_text=_("We send a link to this address. It works once and for seven days."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, kind: OrganizationKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Clerks first: whoever does not choose gives less.
        roles = sorted(ROLES_OF_KIND[kind], key=lambda role: "clerk" not in role)
        self.fields["role"].choices = [(role.value, MemberRole(role.value).label) for role in roles]

    def clean_address(self) -> str:
        """An address with an @ must be one of e-mail; the service checks numbers."""
        address = self.cleaned_data["address"].strip()
        return forms.EmailField().clean(address) if "@" in address else address

    def invitation(self) -> dict[str, str | None]:
        """Return what the service wants to know."""
        address = self.cleaned_data["address"]
        is_email = "@" in address
        return {
            "email": address if is_email else None,
            "phone": None if is_email else address,
            "role": self.cleaned_data["role"],
        }


class KeyForm(forms.Form):
    """What a new key is called, may do, and how long it lives."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("For example: warehouse system, Suzhou"))
    scopes = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIFETIMES, coerce=int, initial=90)

    def __init__(self, *args: Any, kind: OrganizationKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in SCOPES_OF_KIND[kind]]
