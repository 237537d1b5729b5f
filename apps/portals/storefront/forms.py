"""What a buyer fills in. The services check it again; the form is there to say so beside the field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import Store
from apps.orders.api import Method, Plan
from apps.payments.api import Provider

ADDRESS = ("name", "recipient_phone", "province", "city", "district", "line")


def _text(autocomplete: str, **attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


class CheckoutForm(forms.Form):
    """Contact, delivery or pickup, and payment on one page."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Mobile phone"), required=False, max_length=32, widget=_text("tel", inputmode="tel", type="tel")
    )
    method = forms.ChoiceField(label=_("How would you like to receive it?"), choices=Method.choices)
    store_id = forms.TypedChoiceField(
        label=_("Store"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("This store is not available. Please choose another one.")},
    )
    name = forms.CharField(label=_("Recipient"), required=False, max_length=60, widget=_text("shipping name"))
    recipient_phone = forms.CharField(
        label=_("Recipient's phone"),
        required=False,
        max_length=32,
        widget=_text("shipping tel", inputmode="tel", type="tel"),
    )
    province = forms.CharField(
        label=_("Province"), required=False, max_length=60, widget=_text("address-level1", list="provinces")
    )
    city = forms.CharField(label=_("City"), required=False, max_length=60, widget=_text("address-level2"))
    district = forms.CharField(label=_("District"), required=False, max_length=60, widget=_text("address-level3"))
    line = forms.CharField(
        label=_("Street and number"), required=False, max_length=200, widget=_text("shipping street-address")
    )
    plan = forms.ChoiceField(label=_("How much now?"), choices=Plan.choices, initial=Plan.FULL, required=False)
    provider = forms.ChoiceField(label=_("Pay with"), choices=Provider.choices)
    # The total as the buyer saw it, and a key that makes sending the form twice one order.
    expected_total = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stores: Iterable[Store] = (), is_guest: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_guest = is_guest
        self.stores = list(stores)
        self.fields["store_id"].choices = [("", _("Choose a store")), *_by_city(self.stores)]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of delivery needs, and for nothing else."""
        data = super().clean() or {}
        if self.is_guest and not (data.get("email") or data.get("phone") or {"email", "phone"} & set(self.errors)):
            self.add_error("email", _("Give an e-mail address or a phone number."))
        if data.get("method") == Method.PICKUP:
            self._forget(ADDRESS)
            if not data.get("store_id") and "store_id" not in self.errors:
                self.add_error("store_id", _("Choose a store."))
        if data.get("method") == Method.DELIVERY:
            self._forget(["store_id"])
            for name in ADDRESS:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("This is required."))
        return data

    def _forget(self, names: Sequence[str]) -> None:
        for name in names:
            self.errors.pop(name, None)

    def explain(self, fields: Mapping[str, Sequence[str]], message: str) -> None:
        """Put a service's refusal beside the fields it speaks of; what has no field goes to the top."""
        for path, reasons in fields.items():
            name = path.rsplit(".", 1)[-1]
            if path == "fulfilment.address.phone":
                name = "recipient_phone"
            for reason in reasons:
                self.add_error(name if name in self.fields else None, reason)
        if not fields:
            self.add_error(None, message)


def _by_city(stores: Iterable[Store]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Group the stores by city, as a select shows groups."""
    cities: dict[str, list[tuple[int, str]]] = {}
    for store in stores:
        cities.setdefault(store.city_name, []).append((store.pk, store.name))
    return list(cities.items())


class CancelForm(forms.Form):
    """Why the buyer calls the order off."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Please say why, in a few words.")}
    )
