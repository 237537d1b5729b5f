"""Price lists: layers over the offers' own prices, in dated versions that are written once."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.naming import Named
from apps.catalog.states import ListVersionStatus, PriceLayer, PriceMethod
from apps.kernel.api import AuditTrigger

_HASH_OF_SCOPE = Func(F("scope"), function="hashtext")
# No published version changes but in its end, which only comes nearer.
_ONLY_ENDS = """
    IF OLD.status = 'DRAFT' THEN RETURN NEW; END IF;
    IF NEW.price_list_id <> OLD.price_list_id OR NEW.number <> OLD.number OR NEW.scope <> OLD.scope
       OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)
       OR coalesce(upper(NEW.valid), 'infinity') > coalesce(upper(OLD.valid), 'infinity') THEN
        RAISE EXCEPTION 'A published price list is history: it can only be ended.';
    END IF;
    RETURN NEW;
"""
_OF_DRAFTS_ONLY = """
    IF EXISTS (
        SELECT FROM catalog_pricelistversion v
         WHERE v.id = coalesce(NEW.version_id, OLD.version_id) AND v.status <> 'DRAFT'
    ) OR (TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM catalog_pricelistversion v WHERE v.id = OLD.version_id AND v.status <> 'DRAFT'
    )) THEN
        RAISE EXCEPTION 'The entries of a published price list are history.';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


class PriceList(Named):
    """
    Prices of one layer, for whom it names: a region (by the hierarchy of codes), a dealer or a segment of buyers.

    What it is about never changes; what it says comes in versions.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    layer = models.CharField(_("layer"), max_length=8, choices=PriceLayer.choices)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    region_code = models.CharField(
        _("region"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"^\d{6}$", _("A region code has six digits."))],
    )
    dealer = models.ForeignKey(
        "dealers.Dealer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dealer")
    )
    segment = models.SlugField(_("segment of buyers"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.ReadOnly(name="about_the_same", exclude=["name_zh", "name_en"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    (Q(layer="REGION") ^ Q(region_code=""))
                    & (Q(layer="DEALER") ^ Q(dealer__isnull=True))
                    & (Q(layer="SEGMENT") ^ Q(segment=""))
                ),
                name="catalog_list_names_what_its_layer_needs",
            ),
        ]

    @property
    def scope(self) -> str:
        """
        What at most one published version may hold for at a time: layer, currency and whom it is for.

        Campaigns run beside each other; the better one for the buyer counts.
        """
        whom = {
            PriceLayer.REGION: self.region_code,
            PriceLayer.DEALER: str(self.dealer_id),
            PriceLayer.SEGMENT: self.segment,
            PriceLayer.CAMPAIGN: self.code,
        }.get(PriceLayer(self.layer), "")
        return f"{self.layer}:{self.currency}:{whom}"


class PriceListVersion(models.Model):
    """
    What a price list says during ``valid`` (half-open). Its entries change while it is a draft and never again.

    ``is_shown`` is a projection: whether lists and product pages show it now (``refresh_due_prices``).
    """

    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="versions", verbose_name=_("price list"))
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=9, choices=ListVersionStatus.choices, default=ListVersionStatus.DRAFT
    )
    valid = DateTimeRangeField(_("valid"), null=True, blank=True)
    scope = models.CharField(max_length=80, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_shown = models.BooleanField(_("shown now"), default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("version of a price list")
        verbose_name_plural = _("versions of price lists")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.Trigger(name="only_ends", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ONLY_ENDS),
            pgtrigger.Protect(
                name="never_deleted", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__status="PUBLISHED")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "number"], name="catalog_list_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(status="DRAFT") | Q(valid__isnull=False, valid__isempty=False),
                name="catalog_published_list_is_dated",
            ),
            ExclusionConstraint(
                name="catalog_one_list_version_at_a_time",
                expressions=[
                    (Func(_HASH_OF_SCOPE, _HASH_OF_SCOPE, Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(status="PUBLISHED"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list.code} v{self.number}"


class PriceEntry(models.Model):
    """What one version says of one product: its price, so many yuan more or less, or so many percent."""

    version = models.ForeignKey(PriceListVersion, models.CASCADE, related_name="entries", verbose_name=_("version"))
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, related_name="price_entries", verbose_name=_("product")
    )
    method = models.CharField(_("method"), max_length=7, choices=PriceMethod.choices)
    value = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, help_text=_("Yuan, or percent; less than zero takes off.")
    )

    class Meta:
        verbose_name = _("entry of a price list")
        verbose_name_plural = _("entries of price lists")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.Trigger(
                name="of_drafts_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_OF_DRAFTS_ONLY,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "product"], name="catalog_entry_said_once"),
            models.CheckConstraint(
                condition=(
                    Q(method="PRICE", value__gt=0)
                    | Q(method="AMOUNT")
                    | Q(method="PERCENT", value__gt=-100, value__lte=100)
                ),
                name="catalog_entry_leaves_a_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.value}"
