"""What somebody fills in about their car and its service. The services check it again and say so beside the field."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClaimForm(forms.Form):
    """The number of a car."""

    use_required_attribute = False

    vin = forms.CharField(
        label=_("VIN"),
        max_length=40,
        help_text=_("17 letters and digits, on the vehicle licence or behind the windscreen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please give the VIN.")},
    )


class TakeOverForm(ClaimForm):
    """The number of a car, and the code its last owner made."""

    code = forms.CharField(
        label=_("Code of the last owner"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("Please give the code.")},
    )
