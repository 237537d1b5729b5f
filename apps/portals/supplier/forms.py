"""What a supplier fills in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import list_regions
from apps.inventory.api import Site, SiteWish, name_place
from apps.kernel.api import DomainError

MAX_PIECES = 1_000_000
MAX_PRICE = Decimal("9999999999.99")


class ExplainingForm(forms.Form):
    """A form that says "required" itself, keeps what was typed, and takes a service's refusal."""

    use_required_attribute = False

    def explain(self, refusal: DomainError) -> None:
        """Put a refusal beside the fields it speaks of; what has no field goes to the top."""
        named = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in named.items():
            self.add_error(name, list(texts))
        if not named:
            self.add_error(None, str(refusal))


class OfferForm(ExplainingForm):
    """The terms of one offer. What a price may be is for the service to say."""

    price = forms.DecimalField(label=_("Price, tax included (¥)"), max_value=MAX_PRICE, max_digits=12, decimal_places=2)
    lead_time_days = forms.IntegerField(label=_("Lead time in days"), min_value=0, max_value=365)
    site = forms.ChoiceField(label=_("Ships from"))

    def __init__(self, *args: Any, sites: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(site.code, f"{site.name} ({site.code})") for site in sites]
        for name in ("price", "lead_time_days"):
            self.fields[name].widget.attrs["inputmode"] = "decimal" if name == "price" else "numeric"


class StockForm(forms.Form):
    """A count at one site."""

    on_hand = forms.IntegerField(label=_("On hand"), min_value=0, max_value=MAX_PIECES)


class SiteForm(ExplainingForm):
    """What a site is called and where it is."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    province = forms.CharField(
        label=_("Province"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1", "list": "provinces"}),
    )  # fmt: skip
    city = forms.CharField(
        label=_("City"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    district = forms.CharField(
        label=_("District"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "address-level3"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Street and number"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "street-address"})
    )
    latitude = forms.DecimalField(
        label=_("Latitude"), required=False, max_digits=9, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=_("Longitude"), required=False, max_digits=9, decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Site code"), max_length=40, required=False,
        help_text=_("Tables and the API call the site by it; it never changes. Left empty, we make one from the city."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_code: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_code:
            del self.fields["code"]

    @classmethod
    def of(cls, site: Site) -> "SiteForm":
        """The form of a site that is there."""
        names = ("name_zh", "name_en", "address", "latitude", "longitude")
        places = dict(zip(("province", "city", "district"), name_place(site.region_code), strict=True))
        return cls(initial={name: getattr(site, name) for name in names} | places, has_code=False)

    @property
    def provinces(self) -> list[str]:
        """What to suggest."""
        return [region.name for region in list_regions("province")]

    def as_wish(self) -> SiteWish:
        """What was filled in, as the service takes it."""
        return SiteWish(**{name: value for name, value in self.cleaned_data.items() if name != "code"})


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
