"""New products as suppliers propose them: checked by rules at once, decided by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.catalog.errors import NothingWaits, ProposalNotFound, ProposalRefused, ReasonRequired, SkuTaken
from apps.catalog.models import Brand, CategoryInfo, Fitment, Offer, ProductProposal
from apps.catalog.pictures import uploaded_key
from apps.catalog.policies.content import LENGTHS, Finding, check_texts, clean_text
from apps.catalog.policies.part_rows import KINDS, parse_fitment, parse_price
from apps.catalog.selectors.proposals import access_proposal, claims_on, worth_a_look
from apps.catalog.services.bulk import ProductRow, upsert_products
from apps.catalog.services.offers import LONGEST_LEAD_TIME, MOST_PIECES, MOST_SITES, put_offer
from apps.catalog.services.part_directory import CarPaths
from apps.catalog.services.projections import index_products
from apps.catalog.states import PROPOSAL, ProductKind, ProposalStatus
from apps.events.api import ProposalDecided
from apps.kernel.api import Money, attempts, outbox, ports, private_files
from apps.kernel.errors import FileRefused
from apps.shop.api import Product
from apps.suppliers.api import require_approved_supplier

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_PICTURES = 6
TEXTS = tuple(LENGTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWish:
    """A product as somebody filled it in; ``fitment`` reads SERIES/MODEL/TRIM@2023-2026; …"""

    sku: str
    category_code: str
    title_zh: str
    title_en: str
    price: str
    lead_time_days: int
    sites: Sequence[str]
    summary_zh: str = ""
    summary_en: str = ""
    description_zh: str = ""
    description_en: str = ""
    brand_code: str = ""
    fitment: str = ""
    icon: str = ""
    minimum_quantity: int = 1
    pictures: "Sequence[File[Any]]" = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A wish read: clean texts, what its codes mean, and what is worth a look."""

    texts: Mapping[str, str]
    price: Money
    category: CategoryInfo
    fitment: list[list[Any]]
    findings: list[Finding]


@attempts.trailed("catalog.submit_product_proposal", subject="wish.sku", keeps=("organization_id", "wish.price"))
def submit_product_proposal(
    *, organization_id: int, wish: ProductWish, by: User | None, now: datetime, answers: int | None = None
) -> ProductProposal:
    """
    Propose a product nobody sells here yet; with ``answers`` after the organization's rejected proposal of that id.

    :raises SupplierNotApproved: if the supplier may not sell
    :raises ProposalRefused: if it breaks rules; ``fields`` say which: texts, forbidden claims, category, cars, price …
    :raises SkuTaken: if the SKU is a product, an offer or a waiting proposal already
    :raises ProposalNotFound: if ``answers`` is not one of the organization's
    :raises NothingWaits: if that one was not rejected, or answered already
    """
    require_approved_supplier(organization_id=organization_id)
    previous = _previous(answers, organization_id) if answers is not None else None
    checked = _check(wish, organization_id=organization_id, now=now)
    _check_sku(wish.sku)
    try:
        with transaction.atomic():
            proposal = ProductProposal.objects.create(
                organization_id=organization_id,
                previous=previous,
                sku=wish.sku,
                kind=checked.category.kind,
                **checked.texts,
                category_code=wish.category_code,
                brand_code=wish.brand_code,
                fitment=wish.fitment.strip(),
                fitment_lines=checked.fitment,
                icon=wish.icon,
                price=checked.price.amount,
                lead_time_days=wish.lead_time_days,
                minimum_quantity=wish.minimum_quantity,
                site_codes=list(dict.fromkeys(wish.sites)),
                findings=[finding.as_json() for finding in checked.findings],
                proposed_by=by,
                proposed_at=now,
            )
    except IntegrityError:
        # One waiting proposal per SKU, one answer per rejection: the constraints decide.
        raise SkuTaken(sku=wish.sku) from None
    proposal.pictures.set(_keep_pictures(wish, by=by, now=now))
    return proposal


@attempts.trailed("catalog.accept_proposal", subject="proposal_id")
def accept_proposal(*, proposal_id: int, by: User | None, now: datetime) -> ProductProposal:
    """
    Make a proposal a product of the shop with the supplier's offer of it.

    What changed since it was proposed is found out here: the offer's own rules run as for any other.

    :raises ProposalNotFound: if there is none
    :raises MoveNotAllowed: if it was decided or withdrawn meanwhile
    :raises SkuTaken: if the SKU came into use meanwhile
    :raises SupplierNotApproved, UnknownSite: if the supplier may not sell it any more, or not from there
    """
    proposal = _lock(proposal_id)
    if proposal.status == ProposalStatus.WAITING:
        _check_sku(proposal.sku, proposal=proposal)
        product_id = _make_product(proposal, now=now)
        proposal.product_id, proposal.decided_by, proposal.decided_at = product_id, by, now
        proposal.save(update_fields=["product", "decided_by", "decided_at"])
    PROPOSAL.move(proposal, "accept", by=by, at=now)
    put_offer(
        sku=proposal.sku,
        organization_id=proposal.organization_id,
        product_id=proposal.product_id,
        price=Money(proposal.price),
        lead_time_days=proposal.lead_time_days,
        minimum_quantity=proposal.minimum_quantity,
        site=proposal.site_codes[0],
        more_sites=proposal.site_codes[1:],
        by=by,
        now=now,
    )
    return _tell(proposal, now=now)


@transaction.atomic
def reject_proposal(*, proposal_id: int, reason: str, by: User | None, now: datetime) -> ProductProposal:
    """
    Turn a proposal down; the supplier reads the reason and may answer it with another.

    :raises ProposalNotFound: if there is none
    :raises ReasonRequired: without a reason
    :raises MoveNotAllowed: if it was decided or withdrawn meanwhile
    """
    if not reason.strip():
        raise ReasonRequired(fields={"reason": [str(ReasonRequired.message)]})
    proposal = _lock(proposal_id)
    PROPOSAL.move(proposal, "reject", by=by, at=now, reason=reason)
    proposal.reason, proposal.decided_by, proposal.decided_at = reason.strip()[:500], by, now
    proposal.save(update_fields=["reason", "decided_by", "decided_at"])
    return _tell(proposal, now=now)


@transaction.atomic
def withdraw_proposal(*, proposal_id: int, organization_id: int, by: User | None, now: datetime) -> ProductProposal:
    """
    Take back a proposal of the organization that still waits.

    :raises ProposalNotFound: if it is not the organization's
    :raises MoveNotAllowed: if it was decided meanwhile
    """
    access_proposal(proposal_id=proposal_id, organization_id=organization_id)
    return PROPOSAL.move(_lock(proposal_id), "withdraw", by=by, at=now)


def _lock(proposal_id: int) -> ProductProposal:
    rows = ProductProposal.objects.select_for_update(of=("self",), no_key=True)
    proposal = rows.filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalNotFound(proposal_id=proposal_id)
    return proposal


def _previous(proposal_id: int, organization_id: int) -> ProductProposal:
    previous = access_proposal(proposal_id=proposal_id, organization_id=organization_id)
    if previous.status != ProposalStatus.REJECTED or ProductProposal.objects.filter(previous=previous).exists():
        raise NothingWaits(proposal_id=proposal_id)
    return previous


def _check_sku(sku: str, *, proposal: ProductProposal | None = None) -> None:
    others = ProductProposal.objects.filter(sku=sku, status=ProposalStatus.WAITING)
    if proposal is not None:
        others = others.exclude(pk=proposal.pk)
    if Product.objects.filter(upc=sku).exists() or Offer.objects.filter(sku=sku).exists() or others.exists():
        raise SkuTaken(fields={"sku": [_("This SKU is in use already.")]}, sku=sku)


def _check(wish: ProductWish, *, organization_id: int, now: datetime) -> _Checked:
    """Read a wish, gathering everything that is wrong with it."""
    texts = {name: clean_text(getattr(wish, name)) for name in TEXTS}
    wrong: dict[str, list[str]] = {}
    for finding in check_texts(texts, claims_on(now)):
        wrong.setdefault(finding.field, []).append(finding.text)
    category = CategoryInfo.objects.filter(
        category__code=wish.category_code, kind__in=KINDS, category__numchild=0
    ).first()
    if category is None:
        wrong["category_code"] = [_("There is no such category of parts or accessories.")]
    if wish.brand_code and not Brand.objects.filter(code=wish.brand_code).exists():
        wrong["brand_code"] = [_("There is no such brand.")]
    price = parse_price(wish.price)
    if price is None:
        wrong["price"] = [_("A price is a number of yuan above zero with at most two decimals.")]
    wrong |= _wrong_terms(wish, organization_id=organization_id)
    lines, problem = _read_fitment(wish.fitment)
    if problem:
        wrong["fitment"] = [problem]
    if len(wish.pictures) > MOST_PICTURES:
        wrong["pictures"] = [_("At most %(most)s pictures.") % {"most": MOST_PICTURES}]
    if wrong or category is None or price is None:
        raise ProposalRefused(fields=wrong)
    findings = worth_a_look(
        title_zh=texts["title_zh"],
        category_id=category.category_id,
        price=price,
        has_picture=bool(wish.pictures or wish.icon),
    )
    return _Checked(texts, Money(price), category, lines, findings)


def _wrong_terms(wish: ProductWish, *, organization_id: int) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not 0 <= wish.lead_time_days <= LONGEST_LEAD_TIME:
        wrong["lead_time_days"] = [_("The lead time is a number of days from 0 to 365.")]
    if not 1 <= wish.minimum_quantity <= MOST_PIECES:
        wrong["minimum_quantity"] = [_("The smallest quantity is a number from 1 to 999.")]
    directory = ports.adapter("catalog.site_directory")
    is_own = [directory.ships_for(site_code=site, organization_id=organization_id) for site in wish.sites]
    if not is_own or not all(is_own) or len(is_own) > MOST_SITES:
        wrong["sites"] = [_("Choose from your own sites, at least one.")]
    return wrong


def _read_fitment(text: str) -> tuple[list[list[Any]], str]:
    """Lines of ids and years, or what is wrong with them."""
    lines, bad = parse_fitment(text)
    if bad:
        return [], _("A line of fitment reads SERIES/MODEL/TRIM@2023-2026: %(value)s") % {"value": bad}
    cars = CarPaths(lines)
    found = []
    for line in lines:
        ids = cars.find(*line[:3])
        if ids is None:
            path = "/".join(filter(None, line[:3]))
            return [], _("There is no such series, model or trim: %(value)s") % {"value": path}
        found.append([*ids, *line[3:]])
    return found, ""


def _keep_pictures(wish: ProductWish, *, by: User | None, now: datetime) -> list[Any]:
    """Keep the pictures, drawn anew: nothing of the file that came in is stored."""
    kept = []
    for upload in wish.pictures:
        try:
            file = private_files.store(upload=upload, by=by, now=now)
        except FileRefused as refusal:
            raise ProposalRefused(fields={"pictures": [str(refusal)]}) from refusal
        if not file.content_type.startswith("image/"):
            raise ProposalRefused(fields={"pictures": [_("Pictures only, JPEG or PNG.")]})
        kept.append(file)
    return kept


def _make_product(proposal: ProductProposal, *, now: datetime) -> int:
    brand = Brand.objects.filter(code=proposal.brand_code).first() if proposal.brand_code else None
    picture = proposal.pictures.order_by("pk").first()
    row = ProductRow(
        code=proposal.sku,
        kind=ProductKind(proposal.kind),
        brand_id=brand.pk if brand else None,
        image_key=uploaded_key(picture.pk) if picture else (f"parts/{proposal.icon}" if proposal.icon else ""),
        categories=[proposal.category_code],
        **{name: getattr(proposal, name) for name in TEXTS},
    )
    product_id = upsert_products([row], now=now)[proposal.sku]
    names = ("series_id", "model_id", "trim_id", "year_from", "year_to")
    Fitment.objects.bulk_create(
        Fitment(product_id=product_id, **dict(zip(names, line, strict=True))) for line in proposal.fitment_lines
    )
    index_products([product_id])
    return product_id


def _tell(proposal: ProductProposal, *, now: datetime) -> ProductProposal:
    outbox.record(
        ProposalDecided(
            proposal_id=proposal.pk,
            organization_id=proposal.organization_id,
            sku=proposal.sku,
            status=proposal.status,
            product_id=proposal.product_id or 0,
            reason=proposal.reason,
        ),
        at=now,
    )
    return proposal
