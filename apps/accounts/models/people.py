"""Users, organizations and who belongs to which."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.mail import send_mail
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.policies import mask_phone, normalize_phone
from apps.accounts.states import ROLES_OF_KIND, Language, MemberRole, OrganizationKind
from apps.kernel.api import AuditTrigger, EncryptedTextField, blind_index, in_language

PHONE_INDEX = "accounts.user.phone"


class UserManager(BaseUserManager):
    """Makes users and finds them by what they sign in with."""

    def create_user(
        self, email: str | None = None, password: str | None = None, *, phone: str | None = None, **fields: Any
    ) -> "User":
        """
        Create an active user without any right.

        :raises ValueError: if neither an e-mail address nor a phone number is given
        """
        if not (email or phone):
            raise ValueError("A user needs an e-mail address or a phone number.")
        user = self.model(email=self.normalize_email(email) or None, **fields)
        user.set_phone(phone)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who may do everything in the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email: str | None) -> "User":
        """The user who signs in with this address, however it is capitalized."""
        return self.get(email=self.normalize_email(email))

    def get_by_phone(self, phone: str) -> "User":
        """
        The user of a phone number, however it is written.

        :raises User.DoesNotExist: if it is nobody's, or no phone number
        """
        return self.get(phone_index=phone_index(phone) or "none")

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower case throughout: two accounts that differ by case only are one person's mistake."""
        return (email or "").strip().lower()


def phone_index(phone: str | None) -> str | None:
    """The blind index under which a phone number is stored and found, or None without a valid number."""
    normalized = normalize_phone(phone)
    return blind_index(normalized, purpose=PHONE_INDEX) if normalized else None


class User(AbstractBaseUser, PermissionsMixin):
    """
    A person who can sign in, with an e-mail address, a phone number or both.

    Carries every attribute of Oscar's ``AbstractUser`` without inheriting from it (decision 0001).
    """

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = EncryptedTextField(_("phone number"), null=True, blank=True, help_text=_("E.164, encrypted."))
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    is_phone_verified = models.BooleanField(_("phone number is verified"), default=False)
    display_name = models.CharField(_("display name"), max_length=60, blank=True)
    first_name = models.CharField(_("first name"), max_length=255, blank=True)
    last_name = models.CharField(_("last name"), max_length=255, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.ZH_HANS)
    is_staff = models.BooleanField(
        _("enters the admin"), default=False, help_text=_("Follows from the roles; never set for dealers or suppliers.")
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switch off instead of deleting."))
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        triggers = [
            AuditTrigger(
                name="audit",
                masked=("email", "password", "display_name", "first_name", "last_name", "phone_index"),
                ignored=("last_login",),
            )
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
            models.CheckConstraint(condition=~Q(email=""), name="accounts_user_email_not_empty"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(email__isnull=False) | Q(phone_index__isnull=False),
                name="accounts_user_active_is_reachable",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_index__isnull=True, is_phone_verified=False)
                | Q(phone__isnull=False, phone_index__isnull=False),
                name="accounts_user_phone_is_indexed",
            ),
        ]

    def __str__(self) -> str:
        return self.get_short_name() or self.email or self.masked_phone

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the address normalized: an empty one from a form is none at all."""
        self.email = type(self).objects.normalize_email(self.email) or None
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Normalize the address before the form looks for a twin."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email) or None

    def set_phone(self, phone: str | None, *, verified: bool = False) -> None:
        """
        Give the user a phone number, or take it away; the caller saves.

        :raises ValueError: if it is not a valid phone number
        """
        normalized = normalize_phone(phone)
        if phone and not normalized:
            raise ValueError("Not a valid phone number.")
        self.phone = normalized
        self.phone_index = phone_index(normalized)
        self.is_phone_verified = bool(normalized and verified)

    @property
    def masked_phone(self) -> str:
        """The phone number with its middle hidden, or an empty string."""
        return mask_phone(self.phone)

    def get_full_name(self) -> str:
        """The name on papers: first and last name, or the display name."""
        return f"{self.first_name} {self.last_name}".strip() or self.display_name

    def get_short_name(self) -> str:
        """The name to greet the user with."""
        return self.display_name or self.first_name

    def email_user(self, subject: str, message: str, from_email: str | None = None, **kwargs: Any) -> None:
        """Send one plain message to the user's address; without an address nothing is sent."""
        if self.email:
            send_mail(subject, message, from_email, [self.email], **kwargs)


class Organization(models.Model):
    """A company on the suite: the brand's headquarters, a supplier or a dealer."""

    Kind = OrganizationKind

    kind = models.CharField(_("kind"), max_length=10, choices=OrganizationKind.choices)
    code = models.CharField(_("code"), max_length=32, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OrganizationKind.values), name="accounts_organization_kind"),
            models.CheckConstraint(condition=~Q(code=""), name="accounts_organization_code_not_empty"),
            # What a membership's foreign key (organization, kind) points at: see migration 0002.
            models.UniqueConstraint(fields=["id", "kind"], name="accounts_organization_id_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class OrganizationMemberQuerySet(models.QuerySet):
    """Memberships, and those that count today."""

    def live(self) -> Self:
        """Active memberships of active users in active organizations."""
        return self.filter(is_active=True, user__is_active=True, organization__is_active=True)


def _role_fits_kind() -> Q:
    condition = Q()
    for kind, roles in ROLES_OF_KIND.items():
        condition |= Q(kind=kind.value, role__in=[role.value for role in roles])
    return condition


class OrganizationMember(models.Model):
    """A user's role in an organization. Ended by ``is_active=False``, never deleted: orders name who acted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organization")
    )
    kind = models.CharField(max_length=10, choices=OrganizationKind.choices, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=MemberRole.choices)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = OrganizationMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "role"], name="accounts_member_once"),
            models.CheckConstraint(condition=_role_fits_kind(), name="accounts_member_role_fits_kind"),
            # A person may work for several dealers or suppliers, but is one thing in each: manager or clerk.
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(is_active=True, kind__in=["DEALER", "SUPPLIER"]),
                name="accounts_member_one_role_here",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organization}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the organization's kind copied: constraints compare it with the role."""
        self.kind = self.organization.kind
        super().save(*args, **kwargs)


class UserGroup(User.groups.through):
    """Which groups a user is in; a proxy that lets the audit trail see it."""

    class Meta:
        proxy = True
        triggers = [AuditTrigger(name="audit")]


class UserPermission(User.user_permissions.through):
    """Which permissions a user has beside the groups'; a proxy that lets the audit trail see it."""

    class Meta:
        proxy = True
        triggers = [AuditTrigger(name="audit")]
