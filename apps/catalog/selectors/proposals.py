"""Reads of proposed products: whose they are, what a reviewer sees, what changed since the last try."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Avg, QuerySet
from django.utils import timezone

from apps.catalog.errors import ProposalNotFound
from apps.catalog.models import ForbiddenClaim, Listing, ProductInfo, ProductProposal
from apps.catalog.pictures import uploaded_key
from apps.catalog.policies.content import Claim, Finding
from apps.catalog.states import ProposalStatus
from apps.kernel.api import PrivateFile, in_language

SHOWN = (
    "kind", "title_zh", "title_en", "summary_zh", "summary_en", "description_zh", "description_en", "category_code",
    "brand_code", "fitment", "icon", "price", "lead_time_days", "minimum_quantity", "site_codes",
)  # fmt: skip
# A price so many times above or below the average of its category is worth a look.
FAR_OFF = Decimal(5)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of a proposal as it is, and as it was in the one before; ``before`` None: there was none."""

    name: str
    label: str
    before: str | None
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether a reviewer who saw the last one should look again."""
        return self.before is not None and self.before != self.after


def list_own_proposals(organization_id: int) -> QuerySet[ProductProposal]:
    """An organization's proposals, the youngest first."""
    rows = ProductProposal.objects.filter(organization_id=organization_id)
    return rows.select_related("product").prefetch_related("pictures").order_by("-proposed_at", "-pk")


def list_waiting_proposals() -> QuerySet[ProductProposal]:
    """Every proposal that waits for review, the longest waiting first."""
    rows = ProductProposal.objects.filter(status=ProposalStatus.WAITING)
    return rows.select_related("organization", "previous").order_by("proposed_at", "pk")


def access_proposal(*, proposal_id: int, organization_id: int) -> ProductProposal:
    """
    One of an organization's own proposals.

    :raises ProposalNotFound: if it has none of that id; another's reads alike
    """
    found = list_own_proposals(organization_id).filter(pk=proposal_id).first() if proposal_id < 2**63 else None
    if found is None:
        raise ProposalNotFound(proposal_id=proposal_id)
    return found


def differences_of(proposal: ProductProposal) -> list[FieldDifference]:
    """Every field a reviewer reads, beside what the last proposal for the same thing said."""
    before = proposal.previous
    return [
        FieldDifference(
            name=name,
            label=str(ProductProposal._meta.get_field(name).verbose_name),
            before=_shown(before, name) if before else None,
            after=_shown(proposal, name),
        )
        for name in SHOWN
    ]


def findings_of(proposal: ProductProposal) -> list[Finding]:
    """What the rules found worth a look."""
    return [Finding(row["field"], row["code"], row["context"]) for row in proposal.findings]


def claims_on(at: datetime) -> list[Claim]:
    """The claims the law forbids on that day."""
    rows = ForbiddenClaim.objects.filter(valid__contains=timezone.localdate(at)).order_by("pk")
    return [Claim(row.claim, row.is_pattern, in_language(row.source_zh, row.source_en)) for row in rows]


def worth_a_look(*, title_zh: str, category_id: int, price: Decimal, has_picture: bool) -> list[Finding]:
    """What does not forbid a product and a reviewer should know."""
    findings = []
    twin = ProductInfo.objects.filter(product__title=title_zh).values_list("product__upc", flat=True).first()
    if twin is not None:
        findings.append(Finding("title_zh", "like_another", {"value": twin}))
    usual = Listing.objects.filter(category_ids__contains=[category_id]).aggregate(usual=Avg("price"))["usual"]
    if usual and not usual / FAR_OFF <= price <= usual * FAR_OFF:
        findings.append(Finding("price", "price_far_off", {"value": f"{usual:.2f}"}))
    if not has_picture:
        findings.append(Finding("pictures", "no_picture"))
    return findings


def _shown(proposal: ProductProposal, name: str) -> str:
    if name == "kind":
        return str(proposal.get_kind_display())
    value = getattr(proposal, name)
    return ", ".join(value) if isinstance(value, list) else str(value)


def find_uploaded_picture(file_id: UUID) -> PrivateFile | None:
    """A picture that came with a product that is in the shop now, None for any other file."""
    file = PrivateFile.objects.filter(pk=file_id, content_type__startswith="image/").first()
    key = uploaded_key(file_id)
    is_public = ProductInfo.objects.filter(image_key=key, product__is_public=True).exists()
    return file if file and is_public else None
