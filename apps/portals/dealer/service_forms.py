"""What the workshop's people fill in about a visit. The services check it again."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.aftersales.api import COUNTER_TENDERS, REPAIRED_UNDER, Urgency
from apps.payments.api import Provider
from apps.portals.dealer.test_drive_forms import MoveForm, ReasonForm

GIVE_KM = _("Please give the kilometres on the clock.")


class VinForm(forms.Form):
    """The number of the car that stands here."""

    use_required_attribute = False

    vin = forms.CharField(
        label=_("VIN"),
        max_length=40,
        help_text=_("17 letters and digits, on the vehicle licence or behind the windscreen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please give the VIN.")},
    )


class CheckInForm(forms.Form):
    """How the car arrives."""

    use_required_attribute = False

    kilometres = forms.IntegerField(
        label=_("Kilometres on the clock"), min_value=0, error_messages={"required": GIVE_KM, "invalid": GIVE_KM}
    )
    condition = forms.CharField(
        label=_("How the car looks: scratches, things left inside"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FindingForm(forms.Form):
    """Something that was seen."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("What was found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please say what was found.")},
    )
    urgency = forms.ChoiceField(
        label=_("How urgent"),
        choices=[("", _("Please choose")), *Urgency.choices],
        error_messages={"required": _("Please say how urgent it is.")},
    )


class PhotoForm(forms.Form):
    """A picture of a finding."""

    use_required_attribute = False

    finding = forms.IntegerField(widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Picture"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        error_messages={"required": _("Please choose a picture (JPEG or PNG)."), "empty": _("This file is empty.")},
    )


class ProposeForm(forms.Form):
    """What putting a finding right would cost."""

    use_required_attribute = False

    finding = forms.IntegerField(widget=forms.HiddenInput)
    labour = forms.DecimalField(
        label=_("Labour in yuan, tax included"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        error_messages={
            "required": _("Please give an amount in yuan."),
            "invalid": _("Please give an amount in yuan."),
        },
    )
    part = forms.ChoiceField(label=_("Part from our stockroom"), required=False)
    quantity = forms.IntegerField(label=_("Pieces"), required=False, min_value=1, max_value=99)
    warranty = forms.ChoiceField(
        label=_("Who pays"),
        required=False,
        choices=[
            ("", pgettext_lazy("payer", "The customer")),
            *(
                (str(one.value), format_lazy("{}: {}", pgettext_lazy("payer", "Warranty"), one.label))
                for one in REPAIRED_UNDER
            ),
        ],
    )

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = [("", _("No part")), *parts]


class TillForm(forms.Form):
    """Through whom the customer pays by phone."""

    use_required_attribute = False

    provider = forms.ChoiceField(
        label=_("By the customer's phone, through"),
        choices=Provider.choices,
        error_messages={"required": _("Please say how it is paid.")},
    )


class SettleForm(forms.Form):
    """How it was paid."""

    use_required_attribute = False

    amount = forms.DecimalField(
        label=_("Amount in yuan"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages={
            "required": _("Please give an amount in yuan."),
            "invalid": _("Please give an amount in yuan."),
        },
    )
    tender = forms.ChoiceField(
        label=_("Paid by"),
        choices=[("", _("Please choose")), *((tender.value, tender.label) for tender in COUNTER_TENDERS)],
        error_messages={"required": _("Please say how it was paid.")},
    )


class VisitMoveForm(MoveForm):
    """When the customer comes instead, and to which bay; without one the visit keeps its own while that is free."""

    bay = forms.ChoiceField(label=_("Bay"), required=False)

    def __init__(self, *args: Any, bays: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bay"].choices = [("", _("Any free bay")), *bays]


FORMS: dict[str, type[forms.Form]] = {
    "check-in": CheckInForm,
    "finding": FindingForm,
    "photo": PhotoForm,
    "propose": ProposeForm,
    "settle": SettleForm,
    "till": TillForm,
    "move": VisitMoveForm,
    "cancel": ReasonForm,
}


def make_forms(
    sent: str = "",
    data: Any = None,
    files: Any = None,
    *,
    parts: list[tuple[str, str]] | None = None,
    bays: list[tuple[str, str]] | None = None,
    auto_id: str = "id_%s",
) -> dict[str, forms.Form]:
    """Return the forms of a visit's page; the one that was sent holds what was typed."""
    made = {}
    choices = {"propose": {"parts": parts or []}, "move": {"bays": bays or []}}
    for name, form in FORMS.items():
        more: dict[str, Any] = {"prefix": name, "auto_id": auto_id, **choices.get(name, {})}
        made[name] = form(data, files, **more) if name == sent else form(**more)
    return made
