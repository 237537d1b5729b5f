"""Who sells what at which price, and at which tax rate; prices and rates are dated rows."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.catalog.states import OfferStatus, TaxClass
from apps.kernel.api import AuditTrigger

# Equality inside GiST without an extension: an integer as a range of one, a text by its hash.
_HASH_OF_CLASS = Func(F("tax_class"), function="hashtext")


class Seller(models.Model):
    """An organization as the shop's seller: Oscar's partner and our organization are the same party."""

    partner = models.OneToOneField("partner.Partner", models.PROTECT, related_name="seller")
    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="seller")

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self) -> str:
        return str(self.organization_id)


class Offer(models.Model):
    """
    A seller's offer of one product, shipped from its first site, or else from the next.

    Its Oscar stock record shows the price valid now (we write it) and the stock (inventory writes it).
    """

    stock_record = models.OneToOneField("partner.StockRecord", models.PROTECT, related_name="offer_info")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="offers", verbose_name=_("seller"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="offers", verbose_name=_("product"))
    sku = models.CharField(_("SKU"), max_length=64, unique=True)
    site_code = models.SlugField(_("ships from"), max_length=40)
    # Where it ships from if the first site has none left, in order of preference.
    more_site_codes = ArrayField(
        models.SlugField(max_length=40), verbose_name=_("ships from then"), default=list, blank=True, db_default=[]
    )
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=2)
    minimum_quantity = models.PositiveSmallIntegerField(_("sold from so many pieces"), default=1, db_default=1)
    status = models.CharField(_("status"), max_length=8, choices=OfferStatus.choices, default=OfferStatus.ACTIVE)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(fields=["seller", "product"], name="catalog_one_offer_per_seller_and_product"),
            models.CheckConstraint(condition=Q(lead_time_days__lte=365), name="catalog_lead_time_within_a_year"),
            models.CheckConstraint(
                condition=Q(minimum_quantity__gte=1) & Q(minimum_quantity__lte=999),
                name="catalog_minimum_can_be_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def site_codes(self) -> tuple[str, ...]:
        """The sites it ships from, in order of preference."""
        return (self.site_code, *self.more_site_codes)


class OfferPrice(models.Model):
    """
    One version of an offer's price, tax included, in force during ``valid``. Written once, closed once, never deleted.

    ``list_amount`` is the recommended price to show struck out, if it is higher.
    """

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="prices", verbose_name=_("offer"))
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    list_amount = models.DecimalField(_("list price"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid = DateTimeRangeField(_("valid"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.ReadOnly(name="written_once", exclude=["valid"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="catalog_price_above_zero"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="catalog_price_valid_at_some_time"),
            ExclusionConstraint(
                name="catalog_one_price_at_a_time",
                expressions=[
                    (Func(F("offer"), F("offer"), Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class TaxRate(models.Model):
    """The value added tax on a class of sales during ``valid``; shown prices include it."""

    tax_class = models.CharField(_("tax class"), max_length=10, choices=TaxClass.choices)
    rate = models.DecimalField(_("rate"), max_digits=5, decimal_places=4, help_text=_("0.13 is 13 %."))
    valid = DateRangeField(_("valid"))
    source_zh = models.CharField(_("source in Chinese"), max_length=300, help_text=_("Title or address of the law."))
    source_en = models.CharField(_("source in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0) & Q(rate__lt=1), name="catalog_tax_rate_is_a_share"),
            ExclusionConstraint(
                name="catalog_one_tax_rate_at_a_time",
                expressions=[
                    (Func(_HASH_OF_CLASS, _HASH_OF_CLASS, Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tax_class_display()} {self.rate:.0%}"
