"""Sites: opened for any organization, described anew, closed once nothing lies there; each by its service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.accounts.api import Organization
from apps.inventory import api
from apps.inventory.models import Site
from apps.inventory.states import SiteKind
from apps.kernel.api import DomainError, ReadOnlyAdminMixin

WISH = ("name_zh", "name_en", "province", "city", "district", "address", "latitude", "longitude")


def text_field(label: Any, longest: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text, widget=UnfoldAdminTextInputWidget
    )


def degrees_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """Degrees north or east."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=9,
        decimal_places=6,
        help_text=help_text,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class SiteForm(forms.Form):
    """What a site is called and where it is."""

    title = _("Change the site")
    verb = _("Save")
    hint = ""
    name_zh = text_field(_("name (Chinese)"), 80)
    name_en = text_field(_("name (English)"), 120)
    province = text_field(_("province"), 40)
    city = text_field(_("city"), 40)
    district = text_field(_("district"), 60)
    address = text_field(_("address"), 200)
    latitude = degrees_field(_("latitude"), _("Degrees north, WGS 84. Left empty, the middle of the city counts."))
    longitude = degrees_field(_("longitude"), _("Degrees east, WGS 84."))

    def wish(self) -> api.SiteWish:
        """What was filled in."""
        return api.SiteWish(**{name: self.cleaned_data[name] for name in WISH})

    def explain(self, refusal: DomainError) -> None:
        """Put a refusal beside the fields it speaks of, or on top."""
        named = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in named.items():
            self.add_error(name, list(texts))
        if not named:
            self.add_error(None, str(refusal))


class OpenForm(SiteForm):
    """A new site."""

    title = _("Open a site")
    verb = _("Open")
    organization = forms.ModelChoiceField(
        label=_("organization"),
        queryset=Organization.objects.filter(is_active=True).order_by("kind", "code"),
        widget=UnfoldAdminSelectWidget,
    )
    kind = forms.ChoiceField(
        label=_("kind"),
        required=False,
        choices=[("", _("As usual for the organization")), *SiteKind.choices],
        widget=UnfoldAdminSelectWidget,
    )
    code = text_field(_("code"), 40, required=False, help_text=_("Left empty, one is made from the city."))
    field_order = ["organization", "kind", "code"]


class OpenFilter(admin.SimpleListFilter):
    """Open or closed."""

    title = _("open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Site]) -> QuerySet[Site]:
        """Keep what was asked for."""
        return queryset if self.value() is None else queryset.filter(closed_at__isnull=self.value() == "1")


@admin.register(Site)
class SiteAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Places that hold stock."""

    list_display = ["code", "name_zh", "name_en", "kind", "organization", "is_still_open"]
    list_filter = [OpenFilter, "kind"]
    list_select_related = ["organization"]
    search_fields = ["code", "name_zh", "name_en", "organization__name_zh", "organization__name_en"]
    ordering = ["code"]
    fields = [
        "code", "kind", "name_zh", "name_en", "organization", "store", "where", "address", "latitude", "longitude",
        "lying", "opened_at", "closed_at",
    ]  # fmt: skip
    readonly_fields = ["where", "lying"]
    actions = ["close_chosen"]
    actions_list = ["open_new"]
    actions_detail = ["change_site"]

    @display(description=_("open"), boolean=True)
    def is_still_open(self, site: Site) -> bool:
        """Whether it may hold stock."""
        return site.is_open

    @display(description=_("district"))
    def where(self, site: Site) -> str:
        """The region by name."""
        return " ".join(part for part in api.name_place(site.region_code) if part) or "–"

    @display(description=_("what lies there"))
    def lying(self, site: Site) -> str:
        """Pieces and vehicles."""
        pieces, vehicles = api.what_lies_at([site.pk]).get(site.pk, (0, 0))
        return say("%(pieces)s pieces, %(vehicles)s vehicles") % {"pieces": pieces, "vehicles": vehicles}

    def has_decide_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Operators open and close; auditors look."""
        return request.user.has_perm("inventory.change_site")

    @action(description=_("Open a site"), url_path="open", permissions=["decide"])
    def open_new(self, request: HttpRequest) -> HttpResponse:
        """Open a site for any organization."""
        self._check(request)
        form = OpenForm(request.POST or None)

        def decide() -> str:
            data = form.cleaned_data
            site = api.open_site(
                organization_id=data["organization"].pk,
                wish=form.wish(),
                code=data["code"],
                kind=SiteKind(data["kind"]) if data["kind"] else None,
                by=request.user,
                now=timezone.now(),
            )
            return say("%(site)s was opened.") % {"site": site}

        return self._answer(request, form, decide, original=None)

    @action(description=_("Change"), url_path="describe", permissions=["decide"])
    def change_site(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Describe a site anew."""
        self._check(request)
        site = self.get_object(request, str(object_id))
        if site is None:
            raise Http404
        names = ("name_zh", "name_en", "address", "latitude", "longitude")
        places = dict(zip(("province", "city", "district"), api.name_place(site.region_code), strict=True))
        form = SiteForm(request.POST or None, initial={name: getattr(site, name) for name in names} | places)

        def decide() -> str:
            api.change_site(
                organization_id=site.organization_id,
                site_code=site.code,
                wish=form.wish(),
                by=request.user,
                now=timezone.now(),
            )
            return say("%(site)s was changed.") % {"site": site}

        return self._answer(request, form, decide, original=site)

    @action(description=_("Close the chosen sites"), permissions=["decide"])
    def close_chosen(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        """Close those in which nothing lies."""
        self._check(request)
        count = 0
        for site in queryset.order_by("pk"):
            try:
                api.close_site(
                    organization_id=site.organization_id, site_code=site.code, by=request.user, now=timezone.now()
                )
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{site}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, say("%(count)s sites were closed.") % {"count": count}, messages.SUCCESS)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_decide_permission(request):
            raise PermissionDenied

    def _answer(self, request: HttpRequest, form: SiteForm, decide: Any, *, original: Site | None) -> HttpResponse:
        """Show the form, or do what it says."""
        back = "admin:inventory_site_change" if original else "admin:inventory_site_changelist"
        address = reverse(back, args=[original.pk] if original else [])
        if request.method == "POST" and form.is_valid():
            try:
                done = decide()
            except DomainError as refusal:
                form.explain(refusal)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(address)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": form.title,
            "original": original,
            "form": form,
            "back": address,
        }
        return TemplateResponse(request, "admin/dealers/decide.html", context, status=422 if form.errors else 200)
