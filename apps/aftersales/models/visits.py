"""Visits to the workshop: the appointment, the work order's lines, what was found."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import mask_phone
from apps.aftersales import conf
from apps.aftersales.models.entitlements import EntitlementLine
from apps.aftersales.models.plans import PlanStep, RecallCar, ServiceItem
from apps.aftersales.models.vehicles import Vehicle
from apps.aftersales.states import (
    AT_WORK,
    OPEN,
    Component,
    FindingStatus,
    LineKind,
    Payer,
    Tender,
    Urgency,
    VisitStatus,
)
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, in_language


class ServiceVisit(models.Model):
    """
    One appointment with the workshop, and its work order from check-in on.

    The booking says when, and keeps others out of the bay. ``kilometres`` are read at check-in. What is owed follows
    from the lines; ``due`` is frozen when the work is done.
    """

    reference = models.CharField(_("number"), max_length=12, unique=True)
    booking = models.OneToOneField("scheduling.Booking", models.PROTECT, related_name="service_visit")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="service_visits", verbose_name=_("store"))
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="visits", verbose_name=_("car"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="service_visits", verbose_name=_("customer")
    )
    step = models.ForeignKey(
        PlanStep, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("service of the plan")
    )
    status = models.CharField(_("status"), max_length=12, choices=VisitStatus.choices, default=VisitStatus.BOOKED)
    wish = models.CharField(_("what the customer says"), max_length=500, blank=True, default="")
    kilometres = models.PositiveIntegerField(_("kilometres at check-in"), null=True, blank=True)
    condition = models.CharField(_("the car at check-in"), max_length=500, blank=True, default="")
    due = models.DecimalField(_("owed"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    tender = models.CharField(_("paid by"), max_length=8, choices=Tender.choices, blank=True, default="")
    cancel_reason = models.CharField(_("why cancelled"), max_length=200, blank=True, default="")
    booked_at = models.DateTimeField(_("booked at"))
    checked_in_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("service visit")
        verbose_name_plural = _("service visits")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="aftersales_visit_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=(VisitStatus.CHECKED_IN, VisitStatus.DONE, VisitStatus.PAID))
                | Q(checked_in_at__isnull=False, kilometres__isnull=False),
                name="aftersales_work_begins_with_a_reading",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(VisitStatus.DONE, VisitStatus.PAID))
                | Q(done_at__isnull=False, due__isnull=False),
                name="aftersales_done_says_what_is_owed",
            ),
            models.CheckConstraint(
                condition=~Q(status=VisitStatus.PAID) | Q(paid_at__isnull=False), name="aftersales_paid_at_some_moment"
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(due__gte=0), name="aftersales_owed_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-booked_at"], name="aftersales_visits_of_house"),
            models.Index(fields=["member", "-booked_at"], name="aftersales_visits_of_person"),
            models.Index(fields=["vehicle", "-booked_at"], name="aftersales_visits_of_car"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def starts_at(self) -> datetime:
        """When the car is expected."""
        return self.booking.starts_at

    @property
    def ends_at(self) -> datetime:
        """Until when the bay is booked."""
        return self.booking.ends_at

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self.status in OPEN

    @property
    def is_ahead(self) -> bool:
        """Whether it can still be moved or cancelled."""
        return self.status == VisitStatus.BOOKED

    @property
    def is_at_work(self) -> bool:
        """Whether work can still be added."""
        return self.status in AT_WORK

    @property
    def bill_number(self) -> str:
        """What payments calls the bill of this visit."""
        return f"{conf.BILL_PREFIX}{self.reference}"

    @property
    def customer_name(self) -> str:
        """The customer as the store greets them."""
        return self.member.get_full_name() or self.masked_phone

    @property
    def masked_phone(self) -> str:
        """The phone number with its middle hidden while the visit is open; nothing afterwards."""
        return mask_phone(self.member.phone or "") if self.is_open else ""


class Finding(models.Model):
    """Something the workshop saw: noted, or proposed as extra work at a price that its lines add up to."""

    visit = models.ForeignKey(ServiceVisit, models.PROTECT, related_name="findings")
    text = models.CharField(_("what was found"), max_length=500)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Urgency.choices)
    status = models.CharField(_("status"), max_length=10, choices=FindingStatus.choices, default=FindingStatus.NOTED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("found by"))
    at = models.DateTimeField(_("at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=FindingStatus.values), name="aftersales_finding_status"),
            models.CheckConstraint(
                condition=~Q(status__in=(FindingStatus.APPROVED, FindingStatus.DECLINED))
                | Q(answered_at__isnull=False),
                name="aftersales_answer_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.text[:40]}"

    @property
    def total(self) -> Decimal:
        """What the extra work costs, tax included."""
        return sum((line.total for line in self.lines.all()), Decimal(0))

    @property
    def owed(self) -> Decimal:
        """What of it the customer would pay."""
        return sum((line.owed for line in self.lines.all()), Decimal(0))


class FindingPhoto(models.Model):
    """A picture of a finding. Append-only."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="photos")
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("picture of a finding")
        verbose_name_plural = _("pictures of findings")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.finding_id}"


class VisitLine(models.Model):
    """
    One line of a work order: labour or parts, its price as agreed, and who pays for it.

    ``unit_price`` is tax included and frozen when the line is written. A line of a finding counts once the finding is
    approved. ``is_reserved``: the parts are promised out of the store's own stockroom.
    """

    visit = models.ForeignKey(ServiceVisit, models.PROTECT, related_name="lines")
    kind = models.CharField(_("kind"), max_length=8, choices=LineKind.choices)
    item = models.ForeignKey(ServiceItem, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+")
    title_zh = models.CharField(_("title in Chinese"), max_length=255)
    title_en = models.CharField(_("title in English"), max_length=255)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=2)
    payer = models.CharField(_("paid by"), max_length=8, choices=Payer.choices, default=Payer.CUSTOMER)
    entitlement_line = models.ForeignKey(
        EntitlementLine, models.PROTECT, null=True, blank=True, related_name="visit_lines"
    )
    recall_car = models.ForeignKey(RecallCar, models.PROTECT, null=True, blank=True, related_name="visit_lines")
    component = models.PositiveSmallIntegerField(_("warranty"), choices=Component.choices, null=True, blank=True)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="lines")
    is_reserved = models.BooleanField(_("parts reserved"), default=False)

    class Meta:
        verbose_name = _("line of a work order")
        verbose_name_plural = _("lines of work orders")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="aftersales_line_of_something"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="aftersales_line_not_negative"),
            models.CheckConstraint(
                condition=Q(kind=LineKind.LABOUR, product__isnull=True) | Q(kind=LineKind.PART, product__isnull=False),
                name="aftersales_part_is_a_product",
            ),
            models.CheckConstraint(
                condition=~Q(payer=Payer.PACKAGE) | Q(entitlement_line__isnull=False),
                name="aftersales_package_names_its_service",
            ),
            models.CheckConstraint(
                condition=~Q(payer=Payer.RECALL) | Q(recall_car__isnull=False), name="aftersales_recall_names_its_car"
            ),
            models.CheckConstraint(
                condition=~Q(payer=Payer.WARRANTY) | Q(component__isnull=False), name="aftersales_warranty_names_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.title_zh}"

    @property
    def title(self) -> str:
        """What it is, in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def total(self) -> Decimal:
        """What it costs, whoever pays."""
        return self.unit_price * self.quantity

    @property
    def owed(self) -> Decimal:
        """What the customer owes for it."""
        return self.total if self.payer == Payer.CUSTOMER else Decimal(0)

    @property
    def counts(self) -> bool:
        """Whether it is agreed: of the booking, or of extra work that was approved."""
        return self.finding is None or self.finding.status == FindingStatus.APPROVED
