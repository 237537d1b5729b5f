"""The cars of a member."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, EncryptedTextField


class GarageCar(models.Model):
    """A car that a member drives: its trim, and what the member told about it. One of them is the current one."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="garage")
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+")
    nickname = models.CharField(_("nickname"), max_length=30, blank=True)
    vin = EncryptedTextField(_("VIN"), null=True, blank=True)
    vin_index = models.CharField(max_length=64, null=True, blank=True, editable=False)
    plate = EncryptedTextField(_("number plate"), null=True, blank=True)
    is_current = models.BooleanField(_("is current"), default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("car in a garage")
        verbose_name_plural = _("cars in garages")
        triggers = [AuditTrigger(name="audit", masked=("nickname", "vin_index"))]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(is_current=True), name="membership_one_current_car_per_member"
            ),
            models.UniqueConstraint(fields=["member", "vin_index"], name="membership_vin_once_per_garage"),
            models.UniqueConstraint(
                fields=["member", "product"],
                condition=Q(vin_index__isnull=True),
                name="membership_trim_without_vin_once_per_garage",
            ),
            models.CheckConstraint(
                condition=Q(vin__isnull=True, vin_index__isnull=True) | Q(vin__isnull=False, vin_index__isnull=False),
                name="membership_vin_is_indexed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.product_id}"
