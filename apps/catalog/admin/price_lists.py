"""Price lists: made here, drafted and previewed, published and ended; and why a price is what it is."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.catalog import api
from apps.catalog.admin.base import CatalogAdmin, ReadOnlyInline
from apps.catalog.models import PriceList, PriceListVersion, ProductInfo
from apps.catalog.policies.entry_lines import parse_entry_lines, write_entry_line
from apps.catalog.selectors.price_previews import MOST_ROWS, preview_version
from apps.catalog.states import LIST_VERSION, ListVersionStatus, PriceLayer
from apps.dealers.api import Dealer, name_region
from apps.kernel.api import DomainError, ReadOnlyAdminMixin

SHOWN_WRONG = 10
MAX_ID = 2**63


class MomentField(forms.DateTimeField):
    """An instant, in the zone of headquarters."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"], **kwargs)
        classes = UnfoldAdminTextInputWidget().attrs["class"]
        self.widget.attrs["class"] = classes


class PriceListForm(forms.ModelForm):
    """A list; what it is about is said once."""

    class Meta:
        model = PriceList
        fields = ["code", "layer", "name_zh", "name_en", "currency", "region_code", "dealer", "segment"]


class EntriesForm(forms.Form):
    """What a draft says, a line for each product."""

    lines = forms.CharField(
        label=_("Entries"),
        required=False,
        help_text=_("A line for each product: its number, then 99.00 (the price), -20.00 (so much less) or -5 %."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
    )

    def clean_lines(self) -> list[api.EntryWish]:
        """Read the lines, and find the products they name."""
        lines, wrong = parse_entry_lines(self.cleaned_data["lines"])
        if wrong:
            told = " · ".join(wrong[:SHOWN_WRONG])
            raise forms.ValidationError(_("These lines cannot be read: %(lines)s") % {"lines": told})
        numbers = {line.number for line in lines}
        found = ProductInfo.objects.filter(product__upc__in=numbers).values_list("product__upc", "pk")
        ids = dict(found)
        if missing := sorted(numbers - set(ids)):
            told = " · ".join(missing[:SHOWN_WRONG])
            raise forms.ValidationError(_("There are no such products: %(numbers)s") % {"numbers": told})
        return [api.EntryWish(ids[line.number], line.method, line.value) for line in lines]


class PublishForm(forms.Form):
    """From when until when a version counts."""

    starts_at = MomentField(label=_("counts from"), required=False, help_text=_("Empty: at once."))
    ends_at = MomentField(label=_("until"), required=False, help_text=_("Empty: until another version takes over."))


class EndForm(forms.Form):
    """When a version ends."""

    ends_at = MomentField(label=_("ends"), required=False, help_text=_("Empty: at once."))


class WhyForm(forms.Form):
    """Whose price, when and for whom."""

    number = forms.CharField(label=_("product number or SKU"), max_length=64, widget=UnfoldAdminTextInputWidget)
    at = MomentField(label=_("at"), required=False, help_text=_("Empty: now."))
    region = forms.RegexField(
        r"^\d{6}$", label=_("region code"), required=False, max_length=6, widget=UnfoldAdminTextInputWidget
    )
    dealer = forms.ModelChoiceField(
        Dealer.objects.order_by("code"), label=_("dealer"), required=False, widget=UnfoldAdminSelectWidget
    )
    segment = forms.SlugField(
        label=_("segment of buyers"), required=False, max_length=40, widget=UnfoldAdminTextInputWidget
    )

    def explain(self, now: datetime) -> api.PriceExplanation:
        """The explanation that was asked for; refused as ``explain_price`` does."""
        data = self.cleaned_data
        infos = ProductInfo.objects
        info = (
            infos.filter(product__upc=data["number"]).first()
            or infos.filter(product__offers__sku=data["number"]).first()
        )
        if info is None:
            raise api.ProductNotFound(number=data["number"])
        context = api.PriceContext(
            region_code=data["region"] or "",
            dealer_id=data["dealer"].pk if data["dealer"] else None,
            segments=frozenset({data["segment"]} if data["segment"] else ()),
        )
        return api.explain_price(product_id=info.pk, at=data["at"] or now, context=context)


def whom(price_list: PriceList) -> str:
    """Whom a list is for, in words."""
    if price_list.region_code:
        return name_region(price_list.region_code)
    return str(price_list.dealer or "") or price_list.segment or str(_("everybody"))


class VersionInline(ReadOnlyInline):
    """The versions of a list; each has its own page."""

    model = PriceListVersion
    fields = ["number", "status", "period", "note", "created_by"]
    readonly_fields = fields
    ordering = ["-number"]
    show_change_link = True


@admin.register(PriceList)
class PriceListAdmin(CatalogAdmin):
    """Price lists by layer."""

    form = PriceListForm
    list_display = ["code", "name_shown", "layer", "whom", "currency", "counts_now"]
    list_filter = ["layer"]
    list_select_related = ["dealer"]
    search_fields = ["code", "name_zh", "name_en", "region_code", "segment"]
    autocomplete_fields = ["dealer"]
    ordering = ["layer", "code"]
    inlines = [VersionInline]
    list_before_template = "admin/catalog/_price_lists.html"
    change_form_outer_after_template = "admin/catalog/_new_version.html"

    @display(description=_("name"), ordering="name_zh")
    def name_shown(self, price_list: PriceList) -> str:
        """The name in the reader's language."""
        return price_list.name

    @display(description=_("for"))
    def whom(self, price_list: PriceList) -> str:
        """Whom the list is for."""
        return whom(price_list)

    @display(description=_("counts now"), boolean=True)
    def counts_now(self, price_list: PriceList) -> bool:
        """Whether one of its versions counts now."""
        counting = PriceListVersion.objects.filter(status=ListVersionStatus.PUBLISHED, valid__contains=timezone.now())
        return counting.filter(price_list=price_list).exists()

    def get_readonly_fields(self, request: HttpRequest, obj: PriceList | None = None) -> list[str]:
        """What a list is about never changes."""
        return ["code", "layer", "currency", "region_code", "dealer", "segment"] if obj else []

    def get_urls(self) -> list:
        """Add the explanation of prices and the making of versions."""
        view = self.admin_site.admin_view
        return [
            path("why/", view(self.why_view), name="catalog_pricelist_why"),
            path("<int:pk>/draft/", view(self.draft_view), name="catalog_pricelist_draft"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        """Make a list through the service; of one that is there only the names change."""
        if change:
            super().save_model(request, obj, form, change)
            return
        data = dict(form.cleaned_data)
        dealer = data.pop("dealer")
        made = api.make_price_list(**data, dealer_id=dealer.pk if dealer else None, by=request.user, now=timezone.now())
        obj.pk = made.pk

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say a refusal on the page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            for texts in refusal.fields.values():
                for text in texts:
                    messages.error(request, text)
            return HttpResponseRedirect(request.get_full_path())

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin the next version, with what the last one says."""
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        if not self.has_change_permission(request):
            raise PermissionDenied
        last = PriceListVersion.objects.filter(price_list=pk).order_by("-number").first()
        try:
            version = api.draft_version(
                price_list_id=pk, by=request.user, now=timezone.now(), copy_of=last.pk if last else None
            )
        except api.PriceListNotFound:
            raise Http404 from None
        return HttpResponseRedirect(reverse("admin:catalog_pricelistversion_change", args=[version.pk]))

    def why_view(self, request: HttpRequest) -> HttpResponse:
        """Explain a price: of a product at a date, or of an order line by the versions it names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        form = WhyForm(request.GET if "number" in request.GET else None)
        told, refusal = None, ""
        try:
            if trace := request.GET.get("trace"):
                told = _explain_trace(trace, request.GET.get("at", ""))
            elif form.is_valid():
                told = form.explain(now)
        except DomainError as error:
            refusal = str(error)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Why this price"),
            "form": form,
            "told": told,
            "refusal": refusal,
        }
        return TemplateResponse(request, "admin/catalog/why_price.html", context)


@admin.register(PriceListVersion)
class PriceListVersionAdmin(ReadOnlyAdminMixin, CatalogAdmin):
    """One version of a price list: drafted, previewed at a date, published, ended."""

    list_display = ["__str__", "layer", "status", "period", "is_shown", "created_by"]
    list_filter = ["status", "price_list__layer"]
    list_select_related = ["price_list", "created_by"]
    search_fields = ["price_list__code", "price_list__name_zh", "note"]
    ordering = ["-id"]

    @display(description=_("layer"), ordering="price_list__layer")
    def layer(self, version: PriceListVersion) -> str:
        """The layer of its list."""
        return str(PriceLayer(version.price_list.layer).label)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a version and its prices at a date, and what can be done with it."""
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        may = request.user.has_perm("catalog.change_pricelistversion")
        if not (may or self.has_view_permission(request, version)):
            raise PermissionDenied
        forms_of_page = self._forms(request, version)
        if request.method == "POST":
            if not may:
                raise PermissionDenied
            if self._carry_out(request, version, forms_of_page):
                return HttpResponseRedirect(request.path)
        at_form = _AtForm(request.GET if "at" in request.GET else None)
        starts = version.valid.lower if version.valid else None
        at = (at_form.cleaned_data["at"] if at_form.is_valid() else None) or max(filter(None, [starts, timezone.now()]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(version),
            "original": version,
            "version": version,
            "price_list": version.price_list,
            "whom": whom(version.price_list),
            "at": at,
            "at_form": at_form if at_form.is_bound else _AtForm(initial={"at": timezone.localtime(at)}),
            "rows": preview_version(version, at=at),
            "count": version.entries.count(),
            "most": MOST_ROWS,
            "may": may,
            "is_draft": version.status == ListVersionStatus.DRAFT,
            "can_end": version.status == ListVersionStatus.PUBLISHED and _runs(version),
            "moves": LIST_VERSION.history(version),
            **forms_of_page,
        }
        status = 422 if any(form.errors for form in forms_of_page.values()) else 200
        return TemplateResponse(request, "admin/catalog/price_list_version.html", context, status=status)

    def _forms(self, request: HttpRequest, version: PriceListVersion) -> dict[str, forms.Form]:
        act = request.POST.get("act", "")
        entries = version.entries.order_by("product__upc").select_related("product")
        lines = "\n".join(write_entry_line(row.product.upc or "", row.method, row.value) for row in entries)
        return {
            "entries_form": EntriesForm(request.POST if act == "entries" else None, initial={"lines": lines}),
            "publish_form": PublishForm(request.POST if act == "publish" else None),
            "end_form": EndForm(request.POST if act == "end" else None),
        }

    def _carry_out(self, request: HttpRequest, version: PriceListVersion, shown: dict[str, forms.Form]) -> bool:
        act = request.POST.get("act", "")
        form = shown.get(f"{act}_form")
        if form is None or not form.is_valid():
            return False
        now = timezone.now()
        data = form.cleaned_data
        common: dict[str, Any] = {"version_id": version.pk, "by": request.user, "now": now}
        try:
            with transaction.atomic():
                if act == "entries":
                    api.set_entries(entries=data["lines"], **common)
                elif act == "publish":
                    api.publish_version(starts_at=data["starts_at"] or now, ends_at=data["ends_at"], **common)
                else:
                    api.end_version(ends_at=data["ends_at"] or now, **common)
        except DomainError as refusal:
            for text in [text for texts in refusal.fields.values() for text in texts] or [str(refusal)]:
                form.add_error(None, text)
            return False
        messages.success(request, _("Saved."))
        return True


class _AtForm(forms.Form):
    at = MomentField(label=_("prices at"), required=False)


def _runs(version: PriceListVersion) -> bool:
    return version.valid is not None and (version.valid.upper is None or version.valid.upper > timezone.now())


def _explain_trace(text: str, at: str) -> api.PriceExplanation:
    """Explain what a link of an order line holds; anybody may have written into an address."""
    try:
        trace, moment = json.loads(text), datetime.fromisoformat(at)
        clean = {
            "offer_price": int(trace["offer_price"]),
            "entries": [int(entry) for entry in trace["entries"]],
            "region": str(trace["region"])[:6],
            "dealer": int(trace["dealer"]) if trace["dealer"] else None,
            "segments": [str(segment) for segment in trace["segments"]],
        }
        known = max(clean["offer_price"], clean["dealer"] or 0) < MAX_ID and "\x00" not in text
    except (ValueError, TypeError, KeyError):
        raise api.ProductNotFound(trace=text) from None
    if not known or timezone.is_naive(moment):
        raise api.ProductNotFound(trace=text)
    return api.explain_trace(clean, at=moment)
