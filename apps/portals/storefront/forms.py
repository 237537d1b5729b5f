"""What a buyer fills in. The services check it again; the form is there to say so beside the field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.orders.api import Method, Plan
from apps.payments.api import Provider


class CheckoutForm(forms.Form):
    """Contact, delivery or pickup, and payment on one page."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    method = forms.ChoiceField(label=_("How would you like to receive it?"), choices=Method.choices)
    store_id = forms.TypedChoiceField(label=_("Store"), coerce=int, required=False, empty_value=None)
    name = forms.CharField(
        label=_("Recipient"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    recipient_phone = forms.CharField(
        label=_("Recipient's phone"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "shipping tel", "inputmode": "tel"}),
    )
    province = forms.CharField(
        label=_("Province"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
    )
    city = forms.CharField(
        label=_("City"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    district = forms.CharField(
        label=_("District"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "address-level3"}),
    )
    line = forms.CharField(
        label=_("Street and number"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    provider = forms.ChoiceField(label=_("Pay with"), choices=Provider.choices)
    plan = forms.ChoiceField(label=_("How much now?"), choices=Plan.choices, initial=Plan.FULL, required=False)
    # The total as the buyer saw it, and a key that makes sending the form twice one order.
    expected_total = forms.DecimalField(max_digits=14, decimal_places=2, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, stores=(), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store_id"].choices = [("", "—"), *((store.pk, f"{store.city_name} · {store.name}") for store in stores)]

    def clean(self) -> dict:
        """Ask for what the chosen way of delivery needs."""
        data = super().clean()
        if data.get("method") == Method.PICKUP and not data.get("store_id"):
            self.add_error("store_id", _("Choose a store."))
        if data.get("method") == Method.DELIVERY:
            for name in ("name", "recipient_phone", "province", "city", "district", "line"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("This is required."))
        return data

    def explain(self, fields: dict[str, list[str]]) -> None:
        """Put a service's refusal beside the fields it speaks of; what has no field goes to the top."""
        for path, reasons in fields.items():
            name = path.rsplit(".", 1)[-1]
            if path == "fulfilment.address.phone":
                name = "recipient_phone"
            for reason in reasons:
                self.add_error(name if name in self.fields else None, reason)


class CancelForm(forms.Form):
    """Why the buyer calls the order off."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
