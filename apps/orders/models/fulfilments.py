"""Shipments and hand-overs, what they carry, how they were routed, and the code that opens them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, EncryptedTextField
from apps.orders.models.fields import AmountColumns, one_of, sum_checks
from apps.orders.models.orders import CustomerOrder, OrderItem, SellerOrder
from apps.orders.states import DONE_FULFILMENTS, FulfilmentStatus, Method, Reason


class Fulfilment(AmountColumns):
    """
    One shipment, or one hand-over at a store, out of one site.

    ``source`` owns the site the goods come from and may ship them; ``receiver`` is the dealer who hands them over
    (pickup only). ``site`` is empty for packages and services, which come from nowhere.
    """

    order = models.ForeignKey(CustomerOrder, models.PROTECT, related_name="fulfilments", verbose_name=_("order"))
    seller_order = models.ForeignKey(
        SellerOrder, models.PROTECT, related_name="fulfilments", verbose_name=_("seller order")
    )
    method = models.CharField(_("method"), max_length=8, choices=Method.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=FulfilmentStatus.choices, default=FulfilmentStatus.PENDING
    )
    site = models.ForeignKey(
        "inventory.Site", models.PROTECT, null=True, blank=True, related_name="fulfilments", verbose_name=_("site")
    )
    source = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="outgoing_fulfilments", verbose_name=_("source")
    )
    store = models.ForeignKey(
        "dealers.Store", models.PROTECT, null=True, blank=True, related_name="fulfilments", verbose_name=_("store")
    )
    receiver = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incoming_fulfilments",
        verbose_name=_("receiving dealer"),
    )
    has_vehicle = models.BooleanField(_("carries a vehicle"), default=False)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True, default="")
    tracking_number = models.CharField(_("tracking number"), max_length=60, blank=True, default="")
    attention = models.CharField(
        _("needs attention"), max_length=16, choices=Reason.choices, blank=True, default=Reason.NONE
    )
    created_at = models.DateTimeField(_("created at"))
    sla_due_at = models.DateTimeField(_("to be accepted by"), null=True, blank=True)
    # When the step after acceptance should be done; see services/progress.py.
    next_due_at = models.DateTimeField(_("next step by"), null=True, blank=True)
    # By whoever hands over or ships to the buyer; for pickup the source confirms for itself.
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    source_accepted_at = models.DateTimeField(_("accepted by the source at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        constraints = [
            *sum_checks("fulfilment"),
            one_of("status", FulfilmentStatus, "fulfilment"),
            models.CheckConstraint(
                condition=Q(method=Method.PICKUP, store__isnull=False, receiver__isnull=False)
                | Q(method=Method.DELIVERY, store__isnull=True, receiver__isnull=True),
                name="orders_fulfilment_pickup_has_a_store",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DONE_FULFILMENTS) | Q(done_at__isnull=False),
                name="orders_fulfilment_done_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-id"], name="orders_fulfilment_of_source"),
            models.Index(fields=["receiver", "-id"], name="orders_fulfilment_of_receiver"),
            models.Index(
                fields=["sla_due_at"],
                condition=Q(status=FulfilmentStatus.PENDING, attention=""),
                name="orders_fulfilment_sla",
            ),
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False, attention=""),
                name="orders_fulfilment_next_step",
            ),
        ]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return f"{self.seller_order_id}/{self.pk}"


class FulfilmentLine(AmountColumns):
    """So many pieces of one order line in one fulfilment. ``reservation_id`` is inventory's promise, if any."""

    fulfilment = models.ForeignKey(Fulfilment, models.PROTECT, related_name="lines")
    item = models.ForeignKey(OrderItem, models.PROTECT, related_name="fulfilment_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    reservation_id = models.BigIntegerField(_("reservation"), null=True, blank=True)
    stock_cause = models.CharField(_("stock cause"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("fulfilment line")
        verbose_name_plural = _("fulfilment lines")
        constraints = [
            *sum_checks("fulfilment_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_fulfilment_line_of_something"),
            models.UniqueConstraint(fields=["fulfilment", "item"], name="orders_item_once_per_fulfilment"),
            models.UniqueConstraint(
                fields=["reservation_id"],
                condition=Q(reservation_id__isnull=False),
                name="orders_reservation_serves_one_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fulfilment_id}: {self.item_id} × {self.quantity}"


class AssignedVehicle(models.Model):
    """One piece of a vehicle line and the VIN that was assigned to it; ``cause`` names the piece to inventory."""

    line = models.ForeignKey(FulfilmentLine, models.PROTECT, related_name="vehicles")
    cause = models.CharField(_("cause"), max_length=80)
    vin = models.CharField(_("VIN"), max_length=17)
    assigned_at = models.DateTimeField(_("assigned at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assigned vehicle")
        verbose_name_plural = _("assigned vehicles")
        constraints = [
            models.UniqueConstraint(
                fields=["cause"], condition=Q(released_at__isnull=True), name="orders_one_live_vehicle_per_piece"
            ),
            models.UniqueConstraint(
                fields=["vin"], condition=Q(released_at__isnull=True), name="orders_one_live_sale_per_vin"
            ),
        ]

    def __str__(self) -> str:
        return self.vin


class PickupCode(models.Model):
    """The one-time code that a buyer shows at hand-over. At most one per fulfilment is live."""

    fulfilment = models.ForeignKey(Fulfilment, models.PROTECT, related_name="codes")
    code = EncryptedTextField(_("code"))
    attempts = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    issued_at = models.DateTimeField(_("issued at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pickup code")
        verbose_name_plural = _("pickup codes")
        constraints = [
            models.UniqueConstraint(
                fields=["fulfilment"],
                condition=Q(replaced_at__isnull=True),
                name="orders_one_live_code_per_fulfilment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fulfilment_id} ({self.issued_at:%Y-%m-%d %H:%M})"


class RoutingDecision(models.Model):
    """
    Why a line's pieces come from where they come from; one row per decision, never changed.

    ``record`` holds the wish, every site and every candidate's reasons, so that the rules can be replayed;
    ``chosen`` lists ``[site code, pieces]``.
    """

    item = models.ForeignKey(OrderItem, models.PROTECT, related_name="routing_decisions")
    occasion = models.CharField(_("occasion"), max_length=12)  # checkout, reroute
    record = models.JSONField(_("record"))
    chosen = models.JSONField(_("chosen"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("routing decision")
        verbose_name_plural = _("routing decisions")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.chosen}"
