"""What a supplier fills in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.inventory.api import Site

MAX_PIECES = 1_000_000
MAX_PRICE = Decimal("9999999999.99")


class OfferForm(forms.Form):
    """The terms of one offer."""

    price = forms.DecimalField(
        # The service refuses what is not above zero, and keeps that it was tried.
        label=_("Price, tax included (¥)"),
        max_value=MAX_PRICE,
        max_digits=12,
        decimal_places=2,
    )
    lead_time_days = forms.IntegerField(label=_("Lead time in days"), min_value=0, max_value=365)
    site = forms.ChoiceField(label=_("Ships from"))

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(site.code, f"{site.name_zh} ({site.code})") for site in sites]
        for name in ("price", "lead_time_days"):
            self.fields[name].widget.attrs["inputmode"] = "decimal" if name == "price" else "numeric"


class StockForm(forms.Form):
    """A count at one site."""

    on_hand = forms.IntegerField(label=_("On hand"), min_value=0, max_value=MAX_PIECES)


class UploadForm(forms.Form):
    """A table to import."""

    kind = forms.ChoiceField(label=_("What to import"))
    file = forms.FileField(
        label=_("Excel or CSV file"),
        help_text=_("At most 40 MB and 100,000 rows. Nothing is changed before you have seen the report."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def __init__(self, *args: Any, kinds: list, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]


class MessageForm(forms.Form):
    """One message of the thread with headquarters."""

    text = forms.CharField(label=_("Your message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
