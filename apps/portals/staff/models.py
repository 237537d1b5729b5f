"""What staff keep for themselves in the back office."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """
    A list as somebody wants to see it again: its filters, search, order and columns, as the address says them.

    ``shared_with`` names a role whose people see it as well; only its owner changes or deletes it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner"))
    table = models.CharField(_("table"), max_length=80)  # "orders.fulfilment"
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=1000, blank=True)
    shared_with = models.CharField(_("shared with"), max_length=20, blank=True, default="")
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["owner", "table", "name"], name="staff_portal_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="staff_portal_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
