"""What the store's people fill in about test drives. The services check it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.testdrives.api import Outcome

MOMENT = "%Y-%m-%dT%H:%M"


class CheckInForm(forms.Form):
    """How the car leaves."""

    use_required_attribute = False

    kilometres_out = forms.IntegerField(label=_("Kilometres on the clock"), required=False, min_value=0)
    route = forms.CharField(label=_("Route"), required=False, max_length=200)


class CompleteForm(forms.Form):
    """How it went."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[("", _("Please choose")), *Outcome.choices],
        error_messages={"required": _("Please choose what came of it.")},
    )
    kilometres_in = forms.IntegerField(label=_("Kilometres on the clock"), required=False, min_value=0)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class MoveForm(forms.Form):
    """When it shall be instead, by the clock at the store."""

    use_required_attribute = False

    local = forms.DateTimeField(
        label=_("New time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        error_messages={"required": _("Please give a day and a time."), "invalid": _("Please give a day and a time.")},
    )


class ReasonForm(forms.Form):
    """Why the store cancels."""

    use_required_attribute = False

    reason = forms.CharField(label=_("Why?"), max_length=200, error_messages={"required": _("Please give a reason.")})


class PhotoForm(forms.Form):
    """A picture of the car."""

    use_required_attribute = False

    photo = forms.FileField(
        label=_("Picture of the car"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        error_messages={"required": _("Please choose a picture (JPEG or PNG)."), "empty": _("This file is empty.")},
    )


FORMS: dict[str, type[forms.Form]] = {
    "check-in": CheckInForm,
    "complete": CompleteForm,
    "move": MoveForm,
    "cancel": ReasonForm,
    "photo": PhotoForm,
}


def make_forms(sent: str = "", data: Any = None, files: Any = None) -> dict[str, forms.Form]:
    """Return the forms of a test drive's page; the one that was sent holds what was typed."""
    return {name: form(data, files, prefix=name) if name == sent else form(prefix=name) for name, form in FORMS.items()}
