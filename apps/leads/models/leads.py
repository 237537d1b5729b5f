"""Leads, who follows them up, what was done, and who looked at a phone number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.api import mask_phone
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, EncryptedTextField, in_language
from apps.leads import policies
from apps.leads.states import OPEN, UNCONTACTED, AssignmentRule, FollowUpKind, LeadSource, LeadStatus, LostReason

PHONE_INDEX = "leads.lead.phone"


class Lead(models.Model):
    """
    Somebody who is interested in a car, at one store.

    ``due_at`` is the one clock of a lead: when the person must have been spoken to, and from then on when the next step
    is due. ``organization`` is the dealer's; nobody else finds the lead.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="leads")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="leads", verbose_name=_("store"))
    source = models.CharField(_("source"), max_length=16, choices=LeadSource.choices)
    status = models.CharField(_("status"), max_length=12, choices=LeadStatus.choices, default=LeadStatus.NEW)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("member")
    )
    name = EncryptedTextField(_("name"))
    phone = EncryptedTextField(_("phone"))
    phone_index = models.CharField(max_length=64)
    is_phone_verified = models.BooleanField(_("phone number is verified"), default=False)
    consent_version = models.CharField(_("version of the consent"), max_length=20)
    consent_text = models.TextField(_("what was agreed to"))
    consent_at = models.DateTimeField(_("agreed at"))
    product = models.ForeignKey("catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+")
    configuration = models.ForeignKey("catalog.Configuration", models.SET_NULL, null=True, blank=True, related_name="+")
    interest_zh = models.CharField(_("interested in (Chinese)"), max_length=255)
    interest_en = models.CharField(_("interested in (English)"), max_length=255)
    message = models.TextField(_("message"), blank=True, default="")
    score = models.PositiveSmallIntegerField(_("score"))
    times_asked = models.PositiveSmallIntegerField(_("times asked"), default=1)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("seller")
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    times_passed_on = models.PositiveSmallIntegerField(_("times passed on"), default=0)
    escalated_at = models.DateTimeField(_("told the manager at"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("first spoken to at"), null=True, blank=True)
    lost_reason = models.CharField(_("why lost"), max_length=16, choices=LostReason.choices, blank=True, default="")
    outcome_note = models.CharField(_("how it ended"), max_length=200, blank=True, default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(_("created at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LeadStatus.values), name="leads_status_known"),
            # One way each, so that a move, which saves the status alone, finds what it needs in place.
            models.CheckConstraint(
                condition=~Q(status__in=OPEN) | Q(due_at__isnull=False), name="leads_open_has_a_clock"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN) | Q(closed_at__isnull=False), name="leads_closed_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status=LeadStatus.MERGED) | Q(merged_into__isnull=False), name="leads_merged_into_another"
            ),
            models.CheckConstraint(
                condition=~Q(status=LeadStatus.LOST) | ~Q(lost_reason=""), name="leads_lost_says_why"
            ),
            models.CheckConstraint(
                condition=Q(status__in=(LeadStatus.NEW, LeadStatus.LOST, LeadStatus.MERGED)) | Q(owner__isnull=False),
                name="leads_worked_on_by_somebody",
            ),
            models.CheckConstraint(condition=Q(score__lte=policies.MOST_POINTS), name="leads_score_in_range"),
            # Two requests of one person at one dealer are one lead, however fast they come.
            models.UniqueConstraint(
                fields=["organization", "phone_index"],
                condition=Q(status__in=OPEN, is_phone_verified=True),
                name="leads_one_open_per_verified_phone",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "due_at"], condition=Q(status__in=OPEN), name="leads_open_by_clock"),
            models.Index(fields=["organization", "-created_at"], name="leads_newest"),
            models.Index(fields=["phone_index", "created_at"], name="leads_by_phone"),
            models.Index(
                fields=["due_at"], condition=Q(status__in=UNCONTACTED, escalated_at__isnull=True), name="leads_overdue"
            ),
        ]
        triggers = [AuditTrigger(name="audit", masked=("message", "phone_index"))]

    def __str__(self) -> str:
        return f"{self.pk}: {self.interest}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.status in OPEN

    @property
    def interest(self) -> str:
        """What the person is interested in, in the reader's language."""
        return in_language(self.interest_zh, self.interest_en)

    @property
    def shown_name(self) -> str:
        """The name while the lead is open; its first character afterwards."""
        return self.name if self.is_open else policies.mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        """The phone number with its middle hidden while the lead is open; nothing afterwards."""
        return mask_phone(self.phone) if self.is_open else ""

    @property
    def warmth(self) -> tuple[str, str]:
        """The tone and the word of the score."""
        return policies.warmth(self.score)


class FollowUp(models.Model):
    """One thing that was done about a lead. Append-only."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="follow_ups")
    kind = models.CharField(_("kind"), max_length=16, choices=FollowUpKind.choices)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_at = models.DateTimeField(_("next step at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [models.Index(fields=["lead", "at"], name="leads_follow_up_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.kind}"


class Assignment(models.Model):
    """Who got a lead when, and why. Append-only."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="assignments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rule = models.CharField(_("rule"), max_length=12, choices=AssignmentRule.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [models.Index(fields=["lead", "at"], name="leads_assignment_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.owner_id}"


class StoreSeller(models.Model):
    """Somebody of the dealer who takes leads at a store. Without any, all of the dealer's clerks do."""

    store = models.ForeignKey("dealers.Store", models.CASCADE, related_name="sellers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("takes leads"), default=True)

    class Meta:
        verbose_name = _("seller of a store")
        verbose_name_plural = _("sellers of stores")
        constraints = [models.UniqueConstraint(fields=["store", "user"], name="leads_seller_once_per_store")]

    def __str__(self) -> str:
        return f"{self.store_id}: {self.user_id}"


class SellerTurn(models.Model):
    """Whose turn it was last at a store; its row is locked while a lead is given out."""

    store = models.OneToOneField("dealers.Store", models.CASCADE, primary_key=True, related_name="seller_turn")
    last_seller_id = models.BigIntegerField(_("last seller"), null=True)

    class Meta:
        verbose_name = _("turn of a store")
        verbose_name_plural = _("turns of stores")

    def __str__(self) -> str:
        return f"{self.store_id}: {self.last_seller_id}"


class ContactReveal(models.Model):
    """Who looked at a whole phone number, and why. Append-only."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="reveals")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("look at a phone number")
        verbose_name_plural = _("looks at phone numbers")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="leads_reveal_says_why")]
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.by_id}"
