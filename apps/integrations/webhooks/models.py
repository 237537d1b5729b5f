"""Where organizations want to be told, what they are told, and how each call went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.integrations.webhooks.states import DeliveryStatus, EndpointStatus, Failure
from apps.kernel.api import AuditTrigger, EncryptedTextField


class WebhookEndpoint(models.Model):
    """
    One address of one organization, and what it wants to hear.

    ``previous_secret`` signs as well until ``previous_until``. ``failing_since`` is the first failure after the last
    success; while calls fail, none is made before ``hold_until``.
    """

    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="webhooks", verbose_name=_("organization")
    )
    url = models.CharField(_("address"), max_length=500)
    note = models.CharField(_("note"), max_length=120, blank=True, default="")
    event_types = ArrayField(models.CharField(max_length=60), verbose_name=_("event types"))
    status = models.CharField(_("status"), max_length=10, choices=EndpointStatus.choices, default=EndpointStatus.ACTIVE)
    secret = EncryptedTextField(_("secret"))
    previous_secret = EncryptedTextField(_("previous secret"), null=True, blank=True)
    previous_until = models.DateTimeField(_("previous secret is valid until"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    hold_until = models.DateTimeField(_("not called before"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        triggers = [AuditTrigger(name="audit", ignored=("failing_since", "failures", "hold_until"))]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=EndpointStatus.values), name="webhooks_endpoint_status"),
            models.CheckConstraint(condition=~Q(event_types=[]), name="webhooks_endpoint_hears_something"),
            models.CheckConstraint(
                condition=Q(previous_secret__isnull=True, previous_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_until__isnull=False),
                name="webhooks_previous_secret_ends",
            ),
            models.UniqueConstraint(
                fields=["organization", "url"],
                condition=~Q(status=EndpointStatus.REMOVED),
                name="webhooks_address_once_per_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """
    One message to one endpoint: ``body`` is sent byte for byte as it was written when the fact came.

    ``message_id`` is the receiver's key against duplicates: it stays the same over every attempt and replay.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="deliveries", verbose_name=_("webhook"))
    message_id = models.CharField(_("message"), max_length=60, unique=True)
    event_type = models.CharField(_("event type"), max_length=60)
    body = models.TextField(_("body"))
    status = models.CharField(
        _("status"), max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    occurred_at = models.DateTimeField(_("occurred at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    last_status_code = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="webhooks_delivery_status"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status=DeliveryStatus.PENDING), name="webhooks_delivery_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_newest"),
            models.Index(fields=["occurred_at"], name="webhooks_delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.message_id}"


class WebhookAttempt(models.Model):
    """One call: what was asked (without signatures), what came back, the first bytes of it, and how long it took."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="log", verbose_name=_("delivery"))
    number = models.PositiveSmallIntegerField(_("which attempt"))
    at = models.DateTimeField(_("at"))
    address = models.CharField(_("called address"), max_length=45, blank=True, default="")
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=12, choices=Failure.choices, blank=True, default=Failure.NONE)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    request_excerpt = models.TextField(_("request"), blank=True, default="")
    response_excerpt = models.TextField(_("response"), blank=True, default="")

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        indexes = [models.Index(fields=["delivery", "-id"], name="webhooks_attempt_of_delivery")]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}: {self.status_code or self.failure}"
