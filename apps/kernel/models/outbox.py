"""The outbox: facts, the order of facts per aggregate, and one delivery per fact and handler."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.states import DeliveryStatus


class OutboxAggregate(models.Model):
    """
    The last sequence number given to an aggregate.

    Its row lock, held until the recording transaction ends, makes the numbers follow the order of commits.
    """

    key = models.CharField(max_length=160, primary_key=True)
    last_sequence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} #{self.last_sequence}"


class OutboxEvent(models.Model):
    """A fact, as recorded in the transaction that made it true."""

    event_id = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=120)
    aggregate = models.CharField(max_length=160)
    sequence = models.BigIntegerField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["aggregate", "sequence"], name="kernel_event_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.aggregate} #{self.sequence}"


class OutboxDelivery(models.Model):
    """One fact on its way to one handler."""

    event = models.ForeignKey(OutboxEvent, verbose_name=_("fact"), on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(_("handler"), max_length=120)
    # Copied from the event, so that the relay's question "is this the oldest one waiting?" reads one table.
    aggregate = models.CharField(_("aggregate"), max_length=160)
    sequence = models.BigIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # None until a first failure: due at once.
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        verbose_name = _("outbox delivery")
        verbose_name_plural = _("outbox deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="kernel_delivery_once"),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="kernel_delivery_status"),
        ]
        indexes = [
            models.Index(
                fields=["handler", "aggregate", "sequence"],
                condition=Q(status="PENDING"),
                name="kernel_delivery_waiting",
            ),
            models.Index(fields=["id"], condition=Q(status="PENDING"), name="kernel_delivery_queue"),
            models.Index(fields=["id"], condition=Q(status="DEAD"), name="kernel_delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} ← {self.aggregate} #{self.sequence}"
