"""Packages somebody bought: what they entitle to, and what was redeemed."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.aftersales.models.vehicles import Vehicle
from apps.aftersales.states import EntitlementStatus
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, in_language

LONGEST_CODE = 30


class Entitlement(models.Model):
    """
    One package that was paid for. It belongs to a car as soon as it is bound to one, and goes with it.

    ``valid_from`` to ``valid_until`` are its first and its last day; ``km_until`` is the reading up to which it holds,
    known once a car is bound. ``paid`` is what was paid for it, tax included, in ``currency``.
    """

    reference = models.CharField(_("number"), max_length=12, unique=True)
    cause = models.CharField(_("order line and piece"), max_length=60, unique=True)
    order_number = models.CharField(_("order"), max_length=24, blank=True, default="")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="entitlements", verbose_name=_("holder")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="entitlements", verbose_name=_("car")
    )
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("package"))
    status = models.CharField(
        _("status"), max_length=10, choices=EntitlementStatus.choices, default=EntitlementStatus.ACTIVE
    )
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"))
    km = models.PositiveIntegerField(_("kilometres it lasts"), null=True, blank=True)
    km_until = models.PositiveIntegerField(_("up to a reading of"), null=True, blank=True)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    refund = models.DecimalField(_("paid back"), max_digits=14, decimal_places=2, default=Decimal(0))
    granted_at = models.DateTimeField(_("granted at"))
    refunded_at = models.DateTimeField(_("given back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("package of a customer")
        verbose_name_plural = _("packages of customers")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=EntitlementStatus.values), name="aftersales_entitlement_status"
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="aftersales_valid_for_a_day"),
            models.CheckConstraint(
                condition=Q(refund__gte=0, refund__lte=F("paid")), name="aftersales_refund_at_most_what_was_paid"
            ),
        ]
        indexes = [models.Index(fields=["holder", "-granted_at"], name="aftersales_packages_of_person")]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return str(self.product.info.title)

    @property
    def is_active(self) -> bool:
        """Whether it was not given back."""
        return self.status == EntitlementStatus.ACTIVE


class EntitlementLine(models.Model):
    """So many times one service, within a package."""

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="lines", verbose_name=_("package"))
    service = models.CharField(_("service"), max_length=LONGEST_CODE)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    count = models.PositiveSmallIntegerField(_("times"))

    class Meta:
        verbose_name = _("service of a package")
        verbose_name_plural = _("services of packages")
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "service"], name="aftersales_service_once_per_package"),
            models.CheckConstraint(condition=Q(count__gt=0), name="aftersales_entitled_to_something"),
        ]

    def __str__(self) -> str:
        return f"{self.service} × {self.count}"

    @property
    def name(self) -> str:
        """The service in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class Redemption(models.Model):
    """
    One service of a package that was rendered: the ``number``-th of ``of``. Append-only.

    ``value`` is the part of the price that the serving dealer earned with it; settlement pays it out. ``cause`` names
    the work it was for: repeating that redeems nothing more.
    """

    line = models.ForeignKey(EntitlementLine, models.PROTECT, related_name="redemptions")
    number = models.PositiveSmallIntegerField(_("which"))
    of = models.PositiveSmallIntegerField(_("of how many"))
    cause = models.CharField(_("cause"), max_length=60)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="+", verbose_name=_("store"))
    value = models.DecimalField(_("worth"), max_digits=14, decimal_places=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            # Each of a package's services is rendered once; nobody renders one more than were paid for.
            models.UniqueConstraint(fields=["line", "number"], name="aftersales_redeemed_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=F("of")), name="aftersales_redeemed_within_the_package"
            ),
            models.UniqueConstraint(fields=["line", "cause"], name="aftersales_one_redemption_per_cause"),
            models.CheckConstraint(condition=Q(value__gte=0), name="aftersales_redemption_not_negative"),
        ]
        indexes = [models.Index(fields=["organization", "-at"], name="aftersales_redeemed_at_house")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.number} / {self.of}"
