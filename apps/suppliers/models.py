"""Tables of suppliers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, in_language
from apps.suppliers.states import SupplierStatus


class Supplier(models.Model):
    """An organization that makes or ships goods; it sells by the offers it makes."""

    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="supplier")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=SupplierStatus.choices, default=SupplierStatus.ONBOARDING
    )
    score = models.DecimalField(
        _("score"),
        max_digits=5,
        decimal_places=2,
        default=60,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("From 0 to 100; of two equal offers the better supplier's wins."),
    )
    created_at = models.DateTimeField(_("created at"))
    blocked_reason = models.CharField(
        _("blocked because of"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("A blocked supplier makes no new offers and gets no new orders; open orders finish."),
    )
    blocked_at = models.DateTimeField(_("blocked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="suppliers_score_from_0_to_100"),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="suppliers_one_supplier_per_uscc"),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, blocked_reason="")
                | (Q(blocked_at__isnull=False) & ~Q(blocked_reason="")),
                name="suppliers_a_block_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)
