"""What a member wants to come back to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Wish(models.Model):
    """A product, or a car as it was configured, on a member's wish list."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="wishes")
    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="wishes")
    configuration = models.ForeignKey(
        "catalog.Configuration", models.PROTECT, null=True, blank=True, related_name="wishes"
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "product", "configuration"], nulls_distinct=False, name="membership_wish_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.product_id}"


class SavedConfiguration(models.Model):
    """
    A car as a member chose it, under a name. Its price is computed by the catalog whenever it is shown.

    ``fingerprint`` is a digest of trim and codes: saving the same car again renames it.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_configurations")
    configuration = models.ForeignKey("catalog.Configuration", models.PROTECT, related_name="saved_as")
    fingerprint = models.CharField(max_length=64, editable=False)
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(_("created at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("saved configuration")
        verbose_name_plural = _("saved configurations")
        constraints = [
            models.UniqueConstraint(fields=["member", "fingerprint"], name="membership_configuration_saved_once"),
            models.CheckConstraint(condition=~Q(name=""), name="membership_saved_configuration_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
