"""Questions about products, and their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.membership.states import Moderation, Voice


class Question(models.Model):
    """What a member wants to know about a product. Without a member: the author's account is gone."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="questions")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="questions", verbose_name=_("member")
    )
    text = models.TextField(_("text"), max_length=500)
    status = models.CharField(_("status"), max_length=10, choices=Moderation.choices, default=Moderation.PENDING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="membership_question_asks_something"),
            models.CheckConstraint(
                condition=~Q(status=Moderation.REJECTED) | ~Q(reason=""), name="membership_rejected_question_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-published_at"],
                condition=Q(status=Moderation.PUBLISHED),
                name="membership_question_published",
            ),
            models.Index(
                fields=["created_at"], condition=Q(status=Moderation.PENDING), name="membership_question_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Answer(models.Model):
    """An answer of the brand, a seller or an owner; an owner's is read by HQ first."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="answers", verbose_name=_("member")
    )
    voice = models.CharField(_("who speaks"), max_length=6, choices=Voice.choices)
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("organization"),
    )
    text = models.TextField(_("text"), max_length=1000)
    status = models.CharField(_("status"), max_length=10, choices=Moderation.choices, default=Moderation.PENDING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["question", "member"], name="membership_one_answer_per_member"),
            models.CheckConstraint(condition=~Q(text=""), name="membership_answer_says_something"),
            models.CheckConstraint(
                condition=Q(voice=Voice.OWNER, organization__isnull=True)
                | (~Q(voice=Voice.OWNER) & Q(organization__isnull=False)),
                name="membership_answer_of_an_organization_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(status=Moderation.REJECTED) | ~Q(reason=""), name="membership_rejected_answer_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
