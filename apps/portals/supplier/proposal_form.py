"""A new product as a supplier fills it in, and back from a proposal that was turned down."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.catalog.api import Brand, CategoryInfo, ProductProposal, ProductWish, Series, VehicleModel
from apps.inventory.api import Site
from apps.kernel.api import is_english
from apps.portals.supplier.forms import ExplainingForm

KINDS = ("part", "accessory")
# As on a part's package; a slash or a space would break its address.
SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}")
FIRST_YEAR, LAST_YEAR = 1980, 2100
LONGEST_FITMENT = 2000
EVERY, SOME = "every", "some"
_LINE = re.compile(r"([^@]+?)(?:@(\d{4})-(\d{4}))?")


class ManyFiles(forms.ClearableFileInput):
    """One input that takes several files."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files, each as small or large as the service takes them."""

    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files; none is an empty list."""
        return [super(PicturesField, self).clean(one, initial) for one in data or []]


class ProposalForm(ExplainingForm):
    """What is sold, how it is described, which cars it fits, and the terms."""

    title_zh = forms.CharField(label=_("Title in Chinese"), help_text=_("4 to 60 characters."))
    title_en = forms.CharField(label=_("Title in English"), help_text=_("6 to 120 characters."))
    category_code = forms.ChoiceField(label=_("Category"))
    brand_code = forms.ChoiceField(label=_("Brand"), required=False)
    sku = forms.CharField(
        label=_("Your SKU"), max_length=64, help_text=_("Letters, digits, dot, hyphen and underscore; it stays."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    summary_zh = forms.CharField(
        label=_("In one sentence, in Chinese"), required=False, help_text=_("Lists show it; at most 120 characters.")
    )
    summary_en = forms.CharField(
        label=_("In one sentence, in English"), required=False, help_text=_("At most 240 characters.")
    )
    description_zh = forms.CharField(
        label=_("Description in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    description_en = forms.CharField(
        label=_("Description in English"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    pictures = PicturesField(
        label=_("Pictures"), required=False,
        help_text=_("Up to six, JPEG or PNG, 10 MB each. If the page comes back with an error, choose them again."),
    )  # fmt: skip
    keeps_pictures = forms.BooleanField(label=_("Keep the pictures of the last proposal"), required=False)
    fits = forms.ChoiceField(
        label=_("Which cars does it fit?"), initial=EVERY, widget=forms.RadioSelect,
        choices=[(EVERY, _("Every car")), (SOME, _("Only these:"))],
    )  # fmt: skip
    cars = forms.MultipleChoiceField(label=_("Cars"), required=False, widget=forms.CheckboxSelectMultiple)
    year_from = forms.IntegerField(
        label=_("From model year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    year_to = forms.IntegerField(label=_("To model year"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    more_cars = forms.CharField(
        label=_("Single trims or other years"), required=False, max_length=LONGEST_FITMENT,
        help_text=_("One per line, as in the table of parts: SERIES/MODEL/TRIM@2023-2026"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )  # fmt: skip
    price = forms.CharField(
        label=_("Price, tax included (¥)"), max_length=16, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    lead_time_days = forms.IntegerField(label=_("Lead time in days"), initial=2)
    minimum_quantity = forms.IntegerField(label=_("Sold from so many pieces"), initial=1)
    sites = forms.MultipleChoiceField(label=_("Ships from"), widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, sites: Sequence[Site], previous: ProductProposal | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial_of(previous) if previous else {})
        super().__init__(*args, **kwargs)
        self.previous = previous
        self.fields["category_code"].choices = [("", _("Please choose")), *_categories()]
        self.fields["brand_code"].choices = [("", _("None"))] + [
            (brand.code, brand.name) for brand in Brand.objects.order_by("-is_own", "code")
        ]
        self.fields["sites"].choices = [(site.code, f"{site.name} ({site.code})") for site in sites]
        if len(sites) == 1:
            self.fields["sites"].initial = [sites[0].code]
        self.car_choices = _cars()
        self.fields["cars"].choices = [choice for _name, choices in self.car_choices for choice in choices]
        if previous is None or not previous.pictures.exists():
            del self.fields["keeps_pictures"]

    def clean_sku(self) -> str:
        """A SKU becomes part of an address."""
        sku = self.cleaned_data["sku"].strip()
        if not SKU.fullmatch(sku):
            raise forms.ValidationError(_("Letters, digits, dot, hyphen and underscore only."), code="bad_sku")
        return sku

    def clean(self) -> dict[str, Any]:
        """Whoever says "only these" names some, and years come in pairs."""
        data = super().clean() or self.cleaned_data
        years = (data.get("year_from"), data.get("year_to"))
        if (years[0] is None) != (years[1] is None) and not {"year_from", "year_to"} & set(self.errors):
            self.add_error("year_from", _("Give both years, or none."))
        elif years[0] and years[1] and years[0] > years[1]:
            self.add_error("year_from", _("The first year comes before the last."))
        if data.get("fits") == SOME and not data.get("cars") and not data.get("more_cars", "").strip():
            self.add_error("cars", _("Choose the cars it fits."))
        return data

    def car_groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield the boxes of cars by series."""
        boxes = {box.data["value"]: box for box in self["cars"].subwidgets}
        for name, choices in self.car_choices:
            yield name, [boxes[value] for value, _label in choices]

    def explain(self, refusal: Any) -> None:
        """Cars are one thing to the service."""
        if "fitment" in refusal.fields:
            refusal.fields["more_cars" if self.cleaned_data.get("more_cars") else "cars"] = refusal.fields["fitment"]
        super().explain(refusal)

    def as_wish(self) -> ProductWish:
        """What was filled in, as the service takes it."""
        data = self.cleaned_data
        names = ("sku", "category_code", "brand_code", "price", "lead_time_days", "minimum_quantity", "sites")
        texts = ("title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en")
        return ProductWish(
            **{name: data[name] for name in (*names, *texts)}, fitment=self._fitment(), pictures=self._pictures()
        )

    def _fitment(self) -> str:
        data = self.cleaned_data
        if data["fits"] == EVERY:
            return ""
        years = f"@{data['year_from']}-{data['year_to']}" if data["year_from"] else ""
        more = [line.strip() for line in re.split(r"[;；\n]", data["more_cars"]) if line.strip()]
        return "; ".join([*(f"{car}{years}" for car in data["cars"]), *more])

    def _pictures(self) -> list[File]:
        kept: list[File] = []
        if self.previous is not None and self.cleaned_data.get("keeps_pictures"):
            kept = [File(picture.content, name=picture.name) for picture in self.previous.pictures.order_by("pk")]
        return [*kept, *self.cleaned_data["pictures"]]


def initial_of(proposal: ProductProposal) -> dict[str, Any]:
    """Return a proposal as the form shows it; lines that no box stands for go to the text."""
    names = (
        "title_zh", "title_en", "category_code", "brand_code", "sku", "summary_zh", "summary_en", "description_zh",
        "description_en", "price", "lead_time_days", "minimum_quantity",
    )  # fmt: skip
    boxes = {value for _name, choices in _cars() for value, _label in choices}
    lines = [line.strip() for line in proposal.fitment.split(";") if line.strip()]
    read = [(line, match.groups()) for line in lines if (match := _LINE.fullmatch(line))]
    spans = {(first, last) for _line, (car, first, last) in read if car in boxes}
    # One pair of years holds for all boxes: with several, the lines stay as they were written.
    ticked = [car for _line, (car, _first, _last) in read if car in boxes] if len(spans) == 1 else []
    years = next(iter(spans)) if ticked else (None, None)
    others = [line for line in lines if _LINE.fullmatch(line) is None or line.partition("@")[0] not in ticked]
    return {
        **{name: getattr(proposal, name) for name in names},
        "sites": proposal.site_codes,
        "fits": SOME if lines else EVERY,
        "cars": ticked,
        "year_from": years[0],
        "year_to": years[1],
        "more_cars": "\n".join(others),
        "keeps_pictures": True,
    }


def _categories() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the categories that hold parts or accessories and no others below, by their kind."""
    rows = CategoryInfo.objects.filter(kind__in=KINDS, category__numchild=0).select_related("category")
    labels = {"part": _("Parts"), "accessory": _("Accessories")}
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for row in rows.order_by("category__path"):
        found[row.kind].append((row.category.code, row.name_en if is_english() else row.category.name))
    return [(labels[kind], choices) for kind, choices in found.items() if choices]


def _cars() -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return our own series with their models as boxes: SERIES, SERIES/MODEL."""
    series = Series.objects.filter(brand__is_own=True, is_public=True).order_by("position", "pk")
    models: dict[int, list[VehicleModel]] = {}
    for model in VehicleModel.objects.filter(series__in=series).order_by("-model_year", "code"):
        models.setdefault(model.series_id, []).append(model)
    return [
        (
            one.name,
            [
                (one.code, _("All models")),
                *(
                    (f"{one.code}/{model.code}", f"{model.name} · {model.model_year}")
                    for model in models.get(one.pk, [])
                ),
            ],
        )
        for one in series
    ]
