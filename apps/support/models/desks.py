"""Who answers, when, and with which words at hand."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, in_language
from apps.support.states import Topic


def all_topics() -> list[str]:
    """Return every topic: what a new agent knows until somebody says otherwise."""
    return list(Topic.values)


class Desk(models.Model):
    """The hours of an organization's live service. A dealer without a desk of its own has its stores' hours."""

    organization = models.OneToOneField(
        "accounts.Organization", models.PROTECT, related_name="support_desk", verbose_name=_("organization")
    )
    opening_hours = models.JSONField(_("opening hours"), default=dict)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")

    class Meta:
        verbose_name = _("desk of live service")
        verbose_name_plural = _("desks of live service")
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return str(self.organization_id)


class Agent(models.Model):
    """
    Somebody who answers for an organization: about which topics, for which stores (none named: all), how many at once.

    ``is_available`` is what the agent said, ``seen_at`` when their page was last heard of.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="support_agents")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="support_agents", verbose_name=_("person")
    )
    topics = ArrayField(models.CharField(max_length=8, choices=Topic.choices), verbose_name=_("topics"))
    stores = models.ManyToManyField("dealers.Store", blank=True, related_name="+", verbose_name=_("stores"))
    most_open = models.PositiveSmallIntegerField(_("conversations at once"), default=4)
    is_available = models.BooleanField(_("takes conversations"), default=False)
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    last_given_at = models.DateTimeField(_("got the last one at"), null=True, blank=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="support_agent_once"),
            models.CheckConstraint(condition=Q(most_open__range=(1, 50)), name="support_agent_follows_some"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class CannedReply(models.Model):
    """A prepared reply in both languages; headquarters' are everybody's."""

    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
        help_text=_("Empty: for every desk."),
    )
    topic = models.CharField(_("topic"), max_length=8, choices=Topic.choices, blank=True, default="")
    title_zh = models.CharField(_("title in Chinese"), max_length=60)
    title_en = models.CharField(_("title in English"), max_length=60)
    text_zh = models.TextField(_("text in Chinese"), max_length=1000)
    text_en = models.TextField(_("text in English"), max_length=1000)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("prepared reply")
        verbose_name_plural = _("prepared replies")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "title_zh"], nulls_distinct=False, name="support_one_reply_of_a_title"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    def text_in(self, language: str) -> str:
        """Return the words in the customer's language."""
        return self.text_en if language.startswith("en") else self.text_zh
