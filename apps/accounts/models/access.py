"""Other ways in than one's own sign-in: invitations to a team, keys of programs, headquarters over a shoulder."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.people import Organization
from apps.accounts.policies import mask_phone
from apps.accounts.states import MemberRole, Scope
from apps.kernel.api import AppendOnlyTrigger, AuditTrigger, EncryptedTextField


class Invitation(models.Model):
    """An offer to join a team, sent to one address. Its link is signed, works once and until ``expires_at``."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invitations", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=20, choices=MemberRole.choices)
    email = models.EmailField(_("e-mail address"), null=True, blank=True)
    phone = EncryptedTextField(_("phone number"), null=True, blank=True)
    phone_index = models.CharField(max_length=64, null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        triggers = [AuditTrigger(name="audit", masked=("email", "phone_index"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(email__isnull=False, phone_index__isnull=True)
                | Q(email__isnull=True, phone_index__isnull=False),
                name="accounts_invitation_to_one_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="accounts_invitation_accepted_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, email__isnull=False),
                name="accounts_invitation_open_by_email",
            ),
            models.UniqueConstraint(
                fields=["organization", "phone_index"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True, phone_index__isnull=False),
                name="accounts_invitation_open_by_phone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} · {self.get_role_display()}"

    @property
    def address(self) -> str:
        """Where it was sent: the e-mail address, or the masked number."""
        return self.email or mask_phone(self.phone)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class ApiKey(models.Model):
    """
    A key by which an organization's own programs call the API.

    Only a digest is kept; the key itself is shown once. It acts in the name of whoever made it, in this organization
    only, and dies when that person leaves or is no manager any more.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="api_keys", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope.choices), verbose_name=_("permissions"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_keys")
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        triggers = [AuditTrigger(name="audit", masked=("digest",), ignored=("last_used_at",))]
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="accounts_key_may_something"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="accounts_key_lives"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and now < self.expires_at


class Impersonation(models.Model):
    """A while during which somebody at headquarters sees and does in a portal what one of its users could."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="impersonations", verbose_name=_("who looked")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="impersonated", verbose_name=_("as whom")
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("organization"))
    reason = models.CharField(_("reason"), max_length=200)
    started_at = models.DateTimeField(_("started at"))
    expires_at = models.DateTimeField(_("ends by itself at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("impersonation")
        verbose_name_plural = _("impersonations")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="accounts_impersonation_has_a_reason"),
            models.CheckConstraint(condition=~Q(operator=F("user")), name="accounts_impersonation_of_another"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("started_at")), name="accounts_impersonation_ends"),
            # Nobody is two people at once.
            models.UniqueConstraint(
                fields=["operator"], condition=Q(ended_at__isnull=True), name="accounts_impersonation_not_nested"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operator} → {self.user} ({self.organization})"


class ImpersonationStep(models.Model):
    """One request made during an impersonation: written once, read by auditors."""

    impersonation = models.ForeignKey(Impersonation, models.PROTECT, related_name="steps")
    method = models.CharField(_("method"), max_length=8)
    path = models.CharField(_("page"), max_length=300)
    status = models.PositiveSmallIntegerField(_("answer"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of an impersonation")
        verbose_name_plural = _("steps of impersonations")
        triggers = [AppendOnlyTrigger(name="append_only")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
