"""What waits for headquarters: prices that jump, products that suppliers propose. One page decides each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.catalog import api
from apps.catalog.admin.base import CatalogAdmin
from apps.catalog.models import ForbiddenClaim, PriceChange, PriceChangeRule, ProductProposal
from apps.catalog.pictures import picture_url
from apps.catalog.states import PRICE_CHANGE, PROPOSAL, ChangeReason, PriceChangeStatus, ProposalStatus
from apps.kernel.api import DomainError, Money, ReadOnlyAdminMixin, in_language, private_files


class DecisionForm(forms.Form):
    """What a reviewer writes to the seller; a rejection needs it."""

    note = forms.CharField(
        label=_("reason, which the seller reads"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class ReviewAdmin(ReadOnlyAdminMixin, CatalogAdmin):
    """A queue; the page of one thing in it shows everything and takes the decision."""

    template = ""

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what waits, and decide about it."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        form = DecisionForm(request.POST or None)
        may_decide = self.may_decide(request)
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            if form.is_valid() and self._decide(request, row, form):
                return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(row),
            "original": row,
            "row": row,
            "form": form,
            "may_decide": may_decide,
            **self.facts(request, row),
        }
        return TemplateResponse(request, self.template, context, status=422 if form.errors else 200)

    def may_decide(self, request: HttpRequest) -> bool:
        """Whether this person decides; whoever may only look, looks."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows beside the row."""
        raise NotImplementedError

    def act(self, request: HttpRequest, row: Any, decision: str, note: str) -> None:
        """Call the service of a decision."""
        raise NotImplementedError

    def _decide(self, request: HttpRequest, row: Any, form: DecisionForm) -> bool:
        decision = "accept" if "accept" in request.POST else "reject"
        try:
            self.act(request, row, decision, form.cleaned_data["note"])
        except DomainError as refusal:
            told = [text for texts in refusal.fields.values() for text in texts] or [str(refusal)]
            for text in told:
                form.add_error("note", text)
            return False
        done = _("%(row)s was accepted.") if decision == "accept" else _("%(row)s was rejected.")
        messages.success(request, done % {"row": row})
        return True


@admin.register(PriceChange)
class PriceChangeAdmin(ReviewAdmin):
    """Prices that wait for review, and what became of them."""

    template = "admin/catalog/price_change.html"
    list_display = ["offer", "seller_name", "before", "asked", "jump", "why", "status_label", "asked_at"]
    list_filter = ["status", "offer__product__info__kind"]
    list_select_related = ["offer__product__info", "offer__seller__organization"]
    search_fields = ["offer__sku", "offer__product__title", "offer__seller__organization__name_zh"]
    ordering = ["-status", "asked_at"]
    actions = ["approve"]

    @display(description=_("seller"))
    def seller_name(self, change: PriceChange) -> str:
        """Whose price it is."""
        return str(change.offer.seller.organization)

    @display(description=_("price before"), ordering="old_amount")
    def before(self, change: PriceChange) -> str:
        """The price in force when it was asked for."""
        return "–" if change.old_amount is None else str(Money(change.old_amount, change.currency))

    @display(description=_("price asked for"), ordering="amount")
    def asked(self, change: PriceChange) -> str:
        """The price that waits."""
        return str(Money(change.amount, change.currency))

    @display(description=_("change"))
    def jump(self, change: PriceChange) -> str:
        """How far it moves, in percent."""
        return f"{(change.amount - change.old_amount) / change.old_amount:+.1%}" if change.old_amount else ""

    @display(description=_("why it waits"))
    def why(self, change: PriceChange) -> str:
        """The reasons in words."""
        return "; ".join(str(ChangeReason(reason).label) for reason in change.reasons)

    @display(
        description=_("status"),
        ordering="status",
        label={
            PriceChangeStatus.WAITING.label: "warning",
            PriceChangeStatus.APPROVED.label: "success",
            PriceChangeStatus.REJECTED.label: "danger",
        },
    )
    def status_label(self, change: PriceChange) -> str:
        """The status as a coloured label."""
        return change.get_status_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceChange]:
        """Load what a row shows with the page."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    def facts(self, request: HttpRequest, row: PriceChange) -> dict[str, Any]:
        """The offer's price history, the other offers, the rule."""
        choice = api.OfferChoice.objects.filter(product=row.offer.product_id).first()
        names = {offer.pk: offer for offer in row.offer.product.offers.select_related("seller__organization")}
        return {
            "before": self.before(row),
            "asked": self.asked(row),
            "jump": self.jump(row),
            "why": self.why(row),
            "can_decide": PRICE_CHANGE.can(row, "approve"),
            "history": row.offer.prices.order_by("-pk")[:10],
            "others": [
                (names[candidate["offer_id"]], candidate)
                for candidate in (choice.candidates if choice else [])
                if candidate["offer_id"] in names
            ],
            "moves": PRICE_CHANGE.history(row),
        }

    def act(self, request: HttpRequest, row: PriceChange, decision: str, note: str) -> None:
        """Approve or reject."""
        decide: Callable[..., PriceChange] = (
            api.approve_price_change if decision == "accept" else api.reject_price_change
        )
        decide(change_id=row.pk, by=request.user, now=timezone.now(), note=note)

    @action(description=_("Approve the chosen prices"))
    def approve(self, request: HttpRequest, queryset: QuerySet[PriceChange]) -> None:
        """Let the chosen prices count."""
        if not self.may_decide(request):
            raise PermissionDenied
        now = timezone.now()
        self.for_each(
            request,
            queryset,
            lambda change: api.approve_price_change(change_id=change.pk, by=request.user, now=now),
            _("%(count)s prices count from now on."),
        )


@admin.register(ProductProposal)
class ProductProposalAdmin(ReviewAdmin):
    """Products that suppliers propose."""

    template = "admin/catalog/proposal.html"
    list_display = [
        "sku",
        "title",
        "organization",
        "category_code",
        "price",
        "remarks",
        "status_label",
        "proposed_at",
    ]
    list_display_links = ["sku", "title"]
    list_filter = ["status", "kind"]
    list_select_related = ["organization"]
    search_fields = ["sku", "title_zh", "title_en", "organization__name_zh"]
    ordering = ["-status", "proposed_at"]

    @display(description=_("title"))
    def title(self, proposal: ProductProposal) -> str:
        """The title in the reader's language."""
        return in_language(proposal.title_zh, proposal.title_en)

    @display(description=_("remarks"))
    def remarks(self, proposal: ProductProposal) -> int | str:
        """How much the rules found worth a look."""
        return len(proposal.findings) or ""

    @display(
        description=_("status"),
        ordering="status",
        label={
            ProposalStatus.WAITING.label: "warning",
            ProposalStatus.ACCEPTED.label: "success",
            ProposalStatus.REJECTED.label: "danger",
        },
    )
    def status_label(self, proposal: ProductProposal) -> str:
        """The status as a coloured label."""
        return proposal.get_status_display()

    def facts(self, request: HttpRequest, row: ProductProposal) -> dict[str, Any]:
        """Every field beside the last proposal's, what the rules found, the pictures."""
        now = timezone.now()
        return {
            "differences": api.differences_of(row),
            "findings": api.findings_of(row),
            "pictures": [
                private_files.signed_url(file=file, viewer=request.user, now=now)
                for file in row.pictures.order_by("pk")
            ],
            "icon": picture_url(f"parts/{row.icon}") if row.icon else "",
            "can_decide": PROPOSAL.can(row, "accept"),
            "moves": PROPOSAL.history(row),
        }

    def act(self, request: HttpRequest, row: ProductProposal, decision: str, note: str) -> None:
        """Accept or reject."""
        if decision == "accept":
            api.accept_proposal(proposal_id=row.pk, by=request.user, now=timezone.now())
        else:
            api.reject_proposal(proposal_id=row.pk, reason=note, by=request.user, now=timezone.now())


@admin.register(PriceChangeRule)
class PriceChangeRuleAdmin(CatalogAdmin):
    """Dated rules of how far sellers may move prices: one in force is ended, not edited."""

    list_display = ["goods", "rise", "fall", "refused_rise", "refused_fall", "most_changes", "days", "period"]
    list_filter = ["kind"]
    search_fields = ["reason"]
    ordering = ["kind", "valid"]

    @display(description=_("kind of product"), ordering="kind")
    def goods(self, rule: PriceChangeRule) -> str:
        """What it is about."""
        return str(rule.get_kind_display() or _("every other kind"))

    def get_readonly_fields(self, request: HttpRequest, obj: PriceChangeRule | None = None) -> list[str]:
        """Everything but the period, once it is there."""
        fields = ["kind", "rise", "fall", "refused_rise", "refused_fall", "most_changes", "days", "reason"]
        return fields if obj else []


@admin.register(ForbiddenClaim)
class ForbiddenClaimAdmin(CatalogAdmin):
    """Dated claims that the law forbids."""

    list_display = ["claim", "is_pattern", "period", "source_zh"]
    list_filter = ["is_pattern"]
    search_fields = ["claim", "source_zh", "source_en"]
    ordering = ["claim"]
