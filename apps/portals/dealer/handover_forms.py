"""What the store's people and the receiver fill in on the day of a handover. The services check it again."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.orders.api import HandedItem, HandedKind, HandoverRecord, IdentityPaper, Receiver
from apps.portals.dealer.forms import PICTURES
from apps.portals.dealer.test_drive_forms import MoveForm, ReasonForm

NOT_READ = _("Please write the name on the paper.")


class BookForm(MoveForm):
    """When the buyer comes, as agreed on the phone, by the clock at the store."""

    field_order = ["local"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["local"].label = pgettext_lazy("handover", "Day and time")


class IdentityForm(forms.Form):
    """Who receives the car, by which paper."""

    use_required_attribute = False

    receiver = forms.ChoiceField(
        label=_("Who receives the car?"),
        choices=Receiver.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say who receives the car.")},
    )
    paper = forms.ChoiceField(
        label=_("Paper you saw"),
        choices=[("", _("Please choose")), *IdentityPaper.choices],
        error_messages={"required": _("Please say which paper you saw.")},
    )
    name = forms.CharField(
        label=_("Name on the paper"),
        max_length=60,
        help_text=_("The paper's number is not kept."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": NOT_READ},
    )


class ItemsForm(forms.Form):
    """Which papers, or which pieces of the welcome pack, were given."""

    given = forms.MultipleChoiceField(label=_("Tick what you hand over"), required=False)

    def __init__(self, *args: Any, items: Iterable[HandedItem] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        self.missing: set[str] = set()
        self.fields["given"].choices = [(item.code, item.name) for item in self.items]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The items with whether each is ticked, and whether it was asked for."""
        ticked = set(self["given"].value() or [])
        return [
            {"item": item, "is_ticked": item.code in ticked, "is_missing": item.code in self.missing}
            for item in self.items
        ]


class PhotoForm(forms.Form):
    """Pictures of the car as it goes."""

    use_required_attribute = False

    photo = forms.FileField(
        label=_("Picture of the car"),
        widget=forms.ClearableFileInput(attrs={"accept": PICTURES, "capture": "environment"}),
        error_messages={"required": _("Please choose a picture (JPEG or PNG)."), "empty": _("This file is empty.")},
    )


class SignatureForm(forms.Form):
    """What the receiver confirms, by name and, where a script runs, by hand."""

    use_required_attribute = False

    kilometres = forms.IntegerField(label=_("Kilometres on the clock"), required=False, min_value=0)
    name = forms.CharField(
        label=pgettext_lazy("handover", "Name of whoever signs"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please write your name.")},
    )
    agree = forms.BooleanField(
        label=_("I have read this and confirm it."),
        error_messages={"required": _("Please read what you confirm, and agree to it.")},
    )
    drawn = forms.CharField(label=_("Signature"), required=False, max_length=400_000, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """The code that the buyer shows."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("The buyer's code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please enter the code.")},
    )


KINDS = {"papers": HandedKind.PAPER, "pack": HandedKind.PACK}
FORMS: dict[str, type[forms.Form]] = {
    "book": BookForm,
    "move": BookForm,
    "cancel": ReasonForm,
    "identity": IdentityForm,
    "papers": ItemsForm,
    "pack": ItemsForm,
    "photo": PhotoForm,
    "sign": SignatureForm,
    "hand-over": CodeForm,
}


def make_forms(
    sent: str = "", data: Any = None, files: Any = None, *, record: HandoverRecord | None = None
) -> dict[str, Any]:
    """Return the forms of a handover's page; the one that was sent holds what was typed, others what is kept."""
    initial: dict[str, dict[str, Any]] = {}
    items = list(record.items.all()) if record is not None else []
    if record is not None and record.identity_checked_at is not None:
        kept = {"receiver": record.receiver, "paper": record.identity_paper, "name": record.receiver_name}
        initial = {"identity": kept, "sign": {"name": record.receiver_name}}
    found: dict[str, Any] = {}
    for name, form in FORMS.items():
        more: dict[str, Any] = {"prefix": name}
        if name in KINDS:
            own = [item for item in items if item.kind == KINDS[name]]
            more |= {"items": own, "initial": {"given": [item.code for item in own if item.is_given]}}
        elif name != sent:
            more["initial"] = initial.get(name)
        found[name] = form(data, files, **more) if name == sent else form(**more)
    return found
