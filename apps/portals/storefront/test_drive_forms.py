"""What somebody fills in who wants to drive a car. The service checks it again and says so beside the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
GIVE_A_DAY = _("Please give a day.")


class DriverForm(forms.Form):
    """Licence class, until when it is valid, the birthday, and the signature: four fields. At home, the address too."""

    use_required_attribute = False

    licence_class = forms.ChoiceField(label=_("Driving licence class"))
    expires_on = forms.DateField(
        label=_("Licence valid until"), widget=DATE, error_messages={"required": GIVE_A_DAY, "invalid": GIVE_A_DAY}
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
        help_text=_("Only checked, not kept."),
        error_messages={"required": GIVE_A_DAY, "invalid": GIVE_A_DAY},
    )
    address = forms.CharField(
        label=_("Where we come to"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Please say where we should come to.")},
    )
    agree = forms.BooleanField(
        label=_("I have read the test drive agreement and sign it"),
        error_messages={"required": _("Please read the test drive agreement and agree to it.")},
    )

    def __init__(self, *args: Any, classes: list[str], is_at_home: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Most people have one of these two.
        usual = [name for name in ("C1", "C2") if name in classes]
        ordered = [*usual, *(name for name in classes if name not in usual)]
        self.fields["licence_class"].choices = [(name, name) for name in ordered]
        if not is_at_home:
            del self.fields["address"]


class SurveyForm(forms.Form):
    """How the drive was."""

    use_required_attribute = False

    stars = forms.TypedChoiceField(
        label=_("How was the test drive?"),
        coerce=int,
        choices=[("", _("Please choose")), ("5", "★★★★★"), ("4", "★★★★"), ("3", "★★★"), ("2", "★★"), ("1", "★")],
        error_messages={"required": _("Please give one to five stars.")},
    )
    comment = forms.CharField(
        label=_("What did you like, what not?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
