"""What somebody fills in who wants a store to get in touch."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import Store
from apps.leads.api import CONSENT


class TalkForm(forms.Form):
    """Store, name, phone, a few words, and the consent. Four fields and a tick; the service checks them again."""

    use_required_attribute = False

    store = forms.TypedChoiceField(
        label=_("Store"),
        coerce=int,
        error_messages={
            "required": _("Please choose a store."),
            "invalid_choice": _("This store is not available. Please choose another one."),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name.")},
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        error_messages={"required": _("Please give a valid phone number.")},
    )
    message = forms.CharField(
        label=_("What would you like to know?"),
        required=False,
        max_length=500,
        help_text=_("Optional."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(
        label=CONSENT,
        error_messages={"required": _("We may only pass your request on if you agree to be contacted.")},
    )

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities: dict[str, list[tuple[int, str]]] = {}
        for store in stores:
            cities.setdefault(store.city_name, []).append((store.pk, store.name))
        self.fields["store"].choices = [("", _("Choose a store")), *cities.items()]
