"""Tables of inventory: places, figures per product and place, promises, movements, and vehicles."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.inventory.states import LIVE, MovementKind, ReservationStatus, SiteKind, UnitStatus
from apps.kernel.api import AuditTrigger, in_language


class Site(models.Model):
    """
    A place that holds stock, owned by one organization. Never deleted: once closed it holds nothing and takes nothing.

    ``region_code`` is its district (GB/T 2260).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=SiteKind.choices)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="sites")
    store = models.OneToOneField("dealers.Store", models.PROTECT, null=True, blank=True, related_name="site")
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    region_code = models.CharField(_("region"), max_length=6, blank=True, default="", db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, default="", db_default="")
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)

    @property
    def is_open(self) -> bool:
        """Whether it may hold stock."""
        return self.closed_at is None


class StockLevel(models.Model):
    """
    The figures of one product at one site, in pieces.

    ``on_hand`` and ``allocated`` are projections of movements, ``reserved`` of held reservations; ``check_levels``
    proves it nightly. ``stock_record`` is the offer whose stock this is; Oscar's figures on it follow ours.
    """

    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="stock_levels")
    site = models.ForeignKey(Site, models.PROTECT, related_name="levels")
    stock_record = models.ForeignKey("partner.StockRecord", models.PROTECT, null=True, related_name="levels")
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)
    allocated = models.PositiveIntegerField(_("allocated"), default=0)
    safety_stock = models.PositiveIntegerField(_("safety stock"), default=0)

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["product", "site"], name="inventory_one_level_per_product_and_site"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("reserved") + F("allocated")),
                name="inventory_never_promise_more_than_on_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} @ {self.site_id}"


class Reservation(models.Model):
    """A promise of pieces at one site to one cause (an order's number), with an expiry until it is allocated."""

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="reservations")
    cause = models.CharField(_("cause"), max_length=64)
    line_ref = models.CharField(_("line"), max_length=64)
    quantity = models.PositiveIntegerField(_("quantity"))
    status = models.CharField(
        _("status"), max_length=12, choices=ReservationStatus.choices, default=ReservationStatus.HELD
    )
    expires_at = models.DateTimeField(_("expires at"))
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_reservation_of_something"),
            models.UniqueConstraint(
                fields=["cause", "line_ref", "level"],
                condition=Q(status__in=LIVE),
                name="inventory_one_live_reservation_per_line_and_level",
            ),
        ]
        indexes = [
            models.Index(fields=["cause"], name="inventory_reservation_cause"),
            models.Index(fields=["level"], condition=Q(status__in=LIVE), name="inventory_reservation_live"),
            models.Index(
                fields=["expires_at"],
                condition=Q(status=ReservationStatus.HELD),
                name="inventory_reservation_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause}/{self.line_ref}: {self.quantity}"


class Movement(models.Model):
    """One immutable change of a figure. ``quantity`` is in pieces, signed only for ADJUSTED."""

    level = models.ForeignKey(StockLevel, models.PROTECT, related_name="movements")
    kind = models.CharField(_("kind"), max_length=16, choices=MovementKind.choices)
    quantity = models.IntegerField(_("quantity"))
    cause = models.CharField(_("cause"), max_length=64)
    reservation = models.ForeignKey(Reservation, models.PROTECT, null=True, blank=True, related_name="movements")
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | (Q(kind=MovementKind.ADJUSTED) & ~Q(quantity=0)),
                name="inventory_movement_signed_only_when_adjusted",
            ),
            models.UniqueConstraint(
                fields=["reservation", "kind"],
                condition=Q(reservation__isnull=False),
                name="inventory_one_movement_per_reservation_and_kind",
            ),
        ]
        indexes = [models.Index(fields=["level", "at"], name="inventory_movement_level")]
        triggers = [
            # An update by the foreign key's SET NULL (a user erased) is allowed; the facts of the row are not.
            pgtrigger.Protect(
                name="movement_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("level", "kind", "quantity", "cause", "reservation", "at"),
            ),
            pgtrigger.Protect(name="movement_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} ({self.cause})"


class Unit(models.Model):
    """One vehicle, known by its VIN. Its options are fixed when it is allocated (built to order)."""

    vin = models.CharField(_("VIN"), max_length=17, unique=True)
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="units")
    site = models.ForeignKey(Site, models.PROTECT, related_name="units")
    status = models.CharField(_("status"), max_length=12, choices=UnitStatus.choices, default=UnitStatus.BUILT)
    option_codes = models.JSONField(_("options"), default=list, blank=True)
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        indexes = [models.Index(fields=["product", "status"], name="inventory_unit_product_status")]

    def __str__(self) -> str:
        return self.vin


class UnitHold(models.Model):
    """The claim of one cause (order line and piece) on one vehicle. One live claim per VIN, one VIN per cause."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="holds")
    cause = models.CharField(_("cause"), max_length=80)
    is_live = models.BooleanField(_("live"), default=True)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("vehicle hold")
        verbose_name_plural = _("vehicle holds")
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(is_live=True), name="inventory_one_live_hold_per_vin"),
            models.UniqueConstraint(
                fields=["cause"], condition=Q(is_live=True), name="inventory_one_live_vin_per_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.cause}"
