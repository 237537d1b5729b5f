"""Tables of payments: attempts to pay, refunds, and the append-only record of what providers told us."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, Money
from apps.payments.states import PAYERS, PaymentStatus, RefundReason, RefundStatus, Tender, Verdict

AMOUNT = models.DecimalField(max_digits=14, decimal_places=2)
NOT_FAILED_REFUNDS = (RefundStatus.PENDING, RefundStatus.SUCCEEDED)


class RefundCap(pgtrigger.Trigger):
    """
    The database's own guard that refunds never exceed what was captured.

    It counts rows under the payment's row lock, so it holds for two refunds at once, for ``QuerySet.update`` and for
    whoever forgets to lock.
    """

    name = "refund_cap"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("captured", "numeric"), ("promised", "numeric")]
    func = """
        IF NEW.status = 'FAILED' THEN
            RETURN NEW;
        END IF;
        SELECT amount INTO captured FROM payments_payment
            WHERE id = NEW.payment_id AND status = 'CAPTURED' FOR NO KEY UPDATE;
        SELECT COALESCE(SUM(amount), 0) INTO promised FROM payments_refund
            WHERE payment_id = NEW.payment_id AND status <> 'FAILED' AND id <> NEW.id;
        IF captured IS NULL OR promised + NEW.amount > captured THEN
            RAISE EXCEPTION 'refunds of payment % exceed what was captured', NEW.payment_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_refund_cap';
        END IF;
        RETURN NEW;
    """


class PaymentQuerySet(models.QuerySet["Payment"]):
    def with_refunds(self) -> "PaymentQuerySet":
        """Add ``promised_back`` (refunds that are not failed) and ``given_back`` (refunds that succeeded)."""
        return self.annotate(
            promised_back=_sum_of_refunds(status__in=NOT_FAILED_REFUNDS),
            given_back=_sum_of_refunds(status=RefundStatus.SUCCEEDED),
        )

    def lock_order(self, order_number: str) -> list["Payment"]:
        """
        Lock every payment of an order, in primary-key order, and return them.

        All of them, so that whoever touches two payments of one order cannot meet somebody coming the other way.
        """
        return list(self.filter(order_number=order_number).order_by("pk").select_for_update(of=("self",), no_key=True))

    def lock_number(self, number: str) -> "Payment | None":
        """Lock and return the payment of that number, if there is one."""
        return self.filter(number=number).select_for_update(of=("self",), no_key=True).first()


def _sum_of_refunds(**which: object) -> Coalesce:
    refunds = Refund.objects.filter(payment=OuterRef("pk"), **which).order_by().values("payment")
    total = refunds.annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total), Value(0), output_field=AMOUNT)


class Payment(models.Model):
    """One attempt to pay one tender of an order through one provider. Its number is the provider's out_trade_no."""

    number = models.CharField(_("payment number"), max_length=32, unique=True)
    order_number = models.CharField(_("order number"), max_length=64, db_index=True)
    tender = models.CharField(_("tender"), max_length=10, choices=Tender)
    provider = models.CharField(_("provider"), max_length=20, choices=PAYERS)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    status = models.CharField(_("status"), max_length=10, choices=PaymentStatus, default=PaymentStatus.PENDING)
    subject = models.CharField(_("subject"), max_length=120)
    return_url = models.URLField(_("return address"), max_length=500)
    action_type = models.CharField(_("way to pay"), max_length=10, blank=True, default="")
    action_url = models.TextField(_("payment link"), blank=True, default="")
    # What the provider calls the attempt before it is paid (Stripe's Checkout Session), and the trade that paid it.
    provider_session = models.CharField(_("provider's session"), max_length=255, blank=True, default="")
    provider_reference = models.CharField(_("provider's reference"), max_length=128, blank=True, default="")
    expires_at = models.DateTimeField(_("expires at"))
    created_at = models.DateTimeField(_("created at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("opened by"),
    )
    captured_at = models.DateTimeField(_("captured at"), null=True, blank=True)  # when we learnt of the money
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)  # when the provider says it took it
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # Since when the provider takes no money for a payment that we closed.
    provider_closed_at = models.DateTimeField(_("closed by the provider at"), null=True, blank=True)
    next_query_at = models.DateTimeField(_("next question at"), null=True, blank=True)  # None: nothing left to ask

    # Only on rows read through ``with_refunds``.
    promised_back: Decimal
    given_back: Decimal

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["order_number", "tender"], condition=Q(status="PENDING"), name="payments_one_pending_per_tender"
            ),
            # One trade at the provider pays one payment.
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="payments_reference_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_amount_positive"),
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payments_payment_status"),
            models.CheckConstraint(
                condition=~Q(status="CAPTURED") | Q(captured_at__isnull=False), name="payments_captured_has_moment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_query_at"], condition=Q(next_query_at__isnull=False), name="payments_query_queue"
            ),
            models.Index(fields=["provider", "paid_at"], name="payments_provider_day"),
        ]
        # The link pays whoever holds it; when we ask next is no one's history.
        triggers = [AuditTrigger(name="audit", masked=["action_url"], ignored=["next_query_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class RefundQuerySet(models.QuerySet["Refund"]):
    def lock_number(self, number: str) -> "Refund | None":
        """Lock and return the refund of that number; the caller holds its payment's lock."""
        return self.filter(number=number).select_for_update(of=("self",), no_key=True).first()


class Refund(models.Model):
    """A promise to give back part of one payment."""

    number = models.CharField(_("refund number"), max_length=32, unique=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    status = models.CharField(_("status"), max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    reason = models.CharField(_("reason"), max_length=80, choices=RefundReason)
    # Why the money goes back, once: repeating the same cause finds these rows instead of paying twice.
    cause_key = models.CharField(_("cause of the refund"), max_length=160)
    # Providers refund a number at most once, so a retry after a final "no" carries the next round in its number.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(
        _("next try at"), null=True, blank=True
    )  # None: settled, or waiting for a person
    provider_reference = models.CharField(_("provider's reference"), max_length=128, blank=True, default="")
    failure = models.CharField(_("failure"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("requested by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)  # when we learnt of the end
    given_back_at = models.DateTimeField(
        _("given back at"), null=True, blank=True
    )  # when the provider says it gave the money back

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(fields=["cause_key", "payment"], name="payments_refund_once_per_cause"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_refund_amount_positive"),
            models.CheckConstraint(condition=Q(status__in=RefundStatus.values), name="payments_refund_status"),
            models.CheckConstraint(
                condition=~Q(status="SUCCEEDED") | Q(settled_at__isnull=False), name="payments_refund_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="payments_refund_queue"),
        ]
        triggers = [RefundCap(), AuditTrigger(name="audit", ignored=["next_try_at"])]

    def __str__(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        return Money(self.amount, self.payment.currency)

    @property
    def provider_number(self) -> str:
        """The number the provider knows this round of the refund by."""
        return self.number if self.round == 1 else f"{self.number}_{self.round}"


class PaymentEvent(models.Model):
    """
    One piece of verified news from a provider and what it meant to us. Append-only.

    The unique (provider, provider_event_id) makes a notification that is delivered twice count once. No buyer's data is
    kept: neither the body nor who paid.
    """

    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="events", verbose_name=_("payment")
    )
    refund = models.ForeignKey(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="events", verbose_name=_("refund")
    )
    provider = models.CharField(_("provider"), max_length=20, choices=PAYERS)
    provider_event_id = models.CharField(_("provider's event id"), max_length=160)
    event_type = models.CharField(_("kind of event"), max_length=80)
    number = models.CharField(_("number told"), max_length=64)  # as told; it may name nothing of ours
    told_status = models.CharField(_("status told"), max_length=20)
    told_amount = models.DecimalField(_("amount told"), max_digits=14, decimal_places=2, null=True, blank=True)
    told_currency = models.CharField(_("currency told"), max_length=3, blank=True, default="")
    provider_reference = models.CharField(_("provider's reference"), max_length=128, blank=True, default="")
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)  # by the provider's clock
    received_at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("payment event")
        verbose_name_plural = _("payment events")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_event_id"], name="payments_event_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="payments_event_verdict"),
        ]
        indexes = [models.Index(F("received_at").desc(), name="payments_event_latest")]
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_event_id}"
