"""Products that suppliers propose, and what no text about a product may claim."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.catalog.states import KindName, ProposalStatus
from apps.kernel.api import AuditTrigger, in_language


class ForbiddenClaim(models.Model):
    """A claim that the law forbids in advertisements, during ``valid``: a word, or a pattern with ``is_pattern``."""

    claim = models.CharField(_("claim"), max_length=120)
    is_pattern = models.BooleanField(_("is a regular expression"), default=False)
    valid = DateRangeField(_("valid"))
    source_zh = models.CharField(_("source in Chinese"), max_length=300)
    source_en = models.CharField(_("source in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("forbidden claim")
        verbose_name_plural = _("forbidden claims")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.UniqueConstraint(fields=["claim", "valid"], name="catalog_claim_forbidden_once")]

    def __str__(self) -> str:
        return self.claim


class ProductProposal(models.Model):
    """
    A new product as a supplier wants to sell it, checked by rules, waiting for people.

    ``previous`` is the proposal it answers the rejection of. Accepted, it became ``product``, with an offer.
    """

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    status = models.CharField(_("status"), max_length=9, choices=ProposalStatus.choices, default=ProposalStatus.WAITING)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next", verbose_name=_("answers")
    )
    sku = models.CharField(_("SKU"), max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=KindName.choices)
    title_zh = models.CharField(_("title in Chinese"), max_length=255)
    title_en = models.CharField(_("title in English"), max_length=255)
    summary_zh = models.CharField(_("summary in Chinese"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    category_code = models.CharField(_("category"), max_length=64)
    brand_code = models.CharField(_("brand"), max_length=40, blank=True)
    # As written (SERIES/MODEL/TRIM@2023-2026; …) and as understood: lines of ids and years.
    fitment = models.TextField(_("fits"), blank=True)
    fitment_lines = models.JSONField(default=list, blank=True, editable=False)
    icon = models.CharField(_("stock picture"), max_length=60, blank=True)
    pictures = models.ManyToManyField("kernel.PrivateFile", blank=True, related_name="+", verbose_name=_("pictures"))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"))
    minimum_quantity = models.PositiveSmallIntegerField(_("sold from so many pieces"), default=1)
    site_codes = ArrayField(models.SlugField(max_length=40), verbose_name=_("ships from"))
    # What a reviewer should look at: [{"field", "code", "context"}].
    findings = models.JSONField(_("findings"), default=list, blank=True)
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("product proposal")
        verbose_name_plural = _("product proposals")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(
                fields=["sku"], condition=Q(status="WAITING"), name="catalog_one_waiting_proposal_per_sku"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="catalog_proposed_price_above_zero"),
            models.CheckConstraint(
                condition=~Q(status="ACCEPTED") | Q(product__isnull=False), name="catalog_accepted_is_a_product"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-proposed_at"], name="catalog_proposals_of"),
            models.Index(fields=["proposed_at"], condition=Q(status="WAITING"), name="catalog_proposals_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.title}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)
