"""What people fill in about money for a car: the calculator, an application, a used car."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import Store
from apps.financing.api import Condition, DocumentKind, Energy, FinancedOrder, FinanceProductView
from apps.portals.storefront.templatetags.shop import money

LOWEST_PRICE, HIGHEST_PRICE = 10_000, 9_999_999
MONTHS = (12, 24, 36, 48, 60)


def _number(label: Any, **more: Any) -> forms.IntegerField:
    attrs = {"inputmode": "numeric"}
    return forms.IntegerField(label=label, widget=forms.TextInput(attrs=attrs), localize=False, **more)


def _percent(label: Any, **more: Any) -> forms.DecimalField:
    attrs = {"inputmode": "decimal"}
    return forms.DecimalField(
        label=label, required=False, max_digits=8, decimal_places=3, widget=forms.TextInput(attrs=attrs), **more
    )


class PlainForm(forms.Form):
    """A form whose errors are told by us, not by the browser."""

    use_required_attribute = False


class CalculatorForm(PlainForm):
    """Price, down payment and term; and what the law wants to know."""

    price = _number(_("Price of the car in yuan"), min_value=LOWEST_PRICE, max_value=HIGHEST_PRICE)
    down = _number(_("Down payment in yuan"), min_value=0, max_value=HIGHEST_PRICE)
    months = forms.TypedChoiceField(label=_("Months"), coerce=int, choices=[(months, str(months)) for months in MONTHS])
    energy = forms.ChoiceField(label=_("Energy of the car"), choices=Energy.choices)
    on = forms.DateField(
        label=_("Day on the invoice"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    # Another lender's offer, to be compared; the policies say what cannot be.
    rate = _percent(_("Yearly rate in percent"), help_text=_("As the other lender names it, for instance 3.6."))
    fee = _percent(_("Fee in percent of the loan"))
    is_flat = forms.BooleanField(
        label=_("Interest on the whole loan to the end (flat rate)"),
        required=False,
    )


class ApplyForm(PlainForm):
    """Which order, and on what terms."""

    order = forms.ChoiceField(label=_("Order"))
    product = forms.ChoiceField(label=_("Plan"))
    months = forms.TypedChoiceField(label=_("Months"), coerce=int, choices=[(months, str(months)) for months in MONTHS])
    down = _number(
        _("Down payment in yuan"),
        min_value=0,
        max_value=HIGHEST_PRICE,
        help_text=_("In all: what you paid already counts towards it. In whole steps of 100."),
    )

    def __init__(
        self, *args: Any, orders: Iterable[FinancedOrder], products: Iterable[FinanceProductView], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = [(order.number, f"{order.number} · {money(order.total)}") for order in orders]
        self.fields["product"].choices = [(row.code, f"{row.name} · {row.lender}") for row in products]


class ApplicantForm(PlainForm):
    """Who applies; the service says what cannot be."""

    name = forms.CharField(
        label=_("Name on the identity card"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    identity_number = forms.CharField(
        label=_("Resident identity number"), max_length=18, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    monthly_income = forms.CharField(
        label=_("Monthly income in yuan"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )


class DocumentForm(PlainForm):
    """One paper."""

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=DocumentKind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG or PDF, at most 10 MB. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )


class ConsentForm(PlainForm):
    """The separate consent; without it nothing goes to the lender."""

    consent = forms.BooleanField(required=False)


class SignForm(PlainForm):
    """The signature under the contract."""

    signer_name = forms.CharField(label=_("Your name, as in the application"), max_length=60)
    agree = forms.BooleanField(label=_("I have read the terms above and sign the contract."), required=False)


class UsedCarForm(PlainForm):
    """What a used car is valued by."""

    price_as_new = forms.CharField(
        label=_("Price as new in yuan"), max_length=16, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    first_registered = forms.DateField(
        label=_("First registration"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    mileage_km = forms.CharField(
        label=_("Mileage in kilometres"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    condition = forms.ChoiceField(label=_("Condition of the car"), choices=Condition.choices)


class OfferForm(UsedCarForm):
    """A used car with its name, for an offer that holds."""

    car = forms.CharField(label=_("Which car is it?"), max_length=120, help_text=_("Brand, model, year."))
    vin = forms.CharField(
        label=_("VIN"), max_length=17, help_text=_("17 characters, in the registration or behind the windscreen.")
    )


class StoreForm(PlainForm):
    """Where the car is brought."""

    store = forms.TypedChoiceField(label=_("Store that inspects the car"), coerce=int)

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cities: dict[str, list[tuple[int, str]]] = {}
        for store in stores:
            cities.setdefault(store.city_name, []).append((store.pk, store.name))
        self.fields["store"].choices = [("", _("Choose a store")), *cities.items()]


class CreditForm(PlainForm):
    """Which order the car's value counts towards."""

    order = forms.ChoiceField(label=_("Order"))

    def __init__(self, *args: Any, orders: Iterable[FinancedOrder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].choices = [
            (order.number, f"{order.number} · {money(order.balance_due)}") for order in orders
        ]
