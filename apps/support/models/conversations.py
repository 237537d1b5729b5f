"""Conversations: what was said, in which order, by whom; who had it; what the customer thought."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AppendOnlyTrigger, EncryptedTextField
from apps.support.models.desks import Agent
from apps.support.states import AssignmentRule, ConversationStatus, NoteCode, Side, Topic


class Conversation(models.Model):
    """
    One conversation of a customer with a desk (an organization).

    The customer is a member, or a visitor whose browser holds a secret of which ``visitor_digest`` is the SHA-256.
    ``last_seq`` counts the messages; it grows under the row's lock only, so that a number is visible only after every
    smaller one: who has read up to n misses nothing by asking for what comes after n.
    """

    reference = models.CharField(_("number"), max_length=12, unique=True)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    store = models.ForeignKey(
        "dealers.Store", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("store")
    )
    topic = models.CharField(_("topic"), max_length=8, choices=Topic.choices)
    status = models.CharField(
        _("status"), max_length=8, choices=ConversationStatus.choices, default=ConversationStatus.WAITING
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("customer"),
    )
    visitor_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    visitor_name = EncryptedTextField(_("name"), null=True, blank=True)
    contact = EncryptedTextField(_("how to reach the customer"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10)
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="conversations", verbose_name=_("agent")
    )
    product = models.ForeignKey(
        "catalogue.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    order = models.ForeignKey(
        "orders.CustomerOrder", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order")
    )
    lead = models.ForeignKey(
        "leads.Lead", models.SET_NULL, null=True, blank=True, related_name="conversations", verbose_name=_("lead")
    )
    last_seq = models.PositiveIntegerField(_("messages"), default=0)
    visitor_seen = models.PositiveIntegerField(_("read by the customer up to"), default=0)
    agent_seen = models.PositiveIntegerField(_("read by the agent up to"), default=0)
    opened_at = models.DateTimeField(_("opened at"))
    waiting_since = models.DateTimeField(_("waiting since"))
    last_at = models.DateTimeField(_("last message at"))
    left_at = models.DateTimeField(_("left as a message at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answered at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ConversationStatus.values), name="support_status_known"),
            models.CheckConstraint(
                condition=Q(member__isnull=False) | ~Q(visitor_digest=""), name="support_somebody_asks"
            ),
            models.CheckConstraint(
                condition=~Q(status=ConversationStatus.ACTIVE) | Q(agent__isnull=False), name="support_active_has_agent"
            ),
            models.CheckConstraint(
                condition=Q(visitor_seen__lte=F("last_seq")) & Q(agent_seen__lte=F("last_seq")),
                name="support_nobody_reads_ahead",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "waiting_since"], name="support_queue"),
            models.Index(fields=["agent", "status"], name="support_of_agent"),
            models.Index(fields=["member", "-last_at"], name="support_of_member"),
            models.Index(fields=["visitor_digest"], name="support_of_visitor"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether something can still be said."""
        return self.status != ConversationStatus.CLOSED

    @property
    def customer_name(self) -> str:
        """The customer as the agent addresses them; "" for a visitor who gave no name."""
        return self.visitor_name or (self.member.get_short_name() if self.member else "") or ""


class Message(models.Model):
    """
    One message, numbered within its conversation from 1 without a gap. Append-only.

    ``sent_as`` is the sender's own number for it: sent again after a broken connection, it is the same message.
    """

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    seq = models.PositiveIntegerField(_("number"))
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    sent_as = models.UUIDField(editable=False)
    text = EncryptedTextField(_("text"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=8, choices=NoteCode.choices, blank=True, default="")
    file = models.ForeignKey("kernel.PrivateFile", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages of conversations")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="support_one_message_of_a_number"),
            models.UniqueConstraint(fields=["conversation", "side", "sent_as"], name="support_sent_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="support_numbers_from_one"),
            models.CheckConstraint(
                condition=Q(text__isnull=False) | Q(file__isnull=False) | ~Q(note=""), name="support_something_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.seq}"


class Assignment(models.Model):
    """Who got a conversation, and why. Append-only."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="assignments")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    rule = models.CharField(_("rule"), max_length=8, choices=AssignmentRule.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments of conversations")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.rule}"


class Rating(models.Model):
    """What the customer thought, asked once. Append-only."""

    conversation = models.OneToOneField(Conversation, models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.CharField(_("comment"), max_length=500, blank=True, default="")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("judgement of a conversation")
        verbose_name_plural = _("judgements of conversations")
        triggers = [AppendOnlyTrigger(name="append_only")]
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="support_one_to_five_stars")]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.stars}"
