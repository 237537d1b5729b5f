"""What was decided about a dealer, by whom and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.dealers.models.dealers import Dealer
from apps.dealers.states import ChannelMove
from apps.kernel.api import AppendOnlyTrigger


class ChannelChange(models.Model):
    """One decision about a dealer or what is the dealer's. Written by the services, never changed."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="changes", verbose_name=_("dealer"))
    move = models.CharField(_("decision"), max_length=30, choices=ChannelMove.choices)
    object_id = models.BigIntegerField(_("object"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision about a dealer")
        verbose_name_plural = _("decisions about dealers")
        triggers = [AppendOnlyTrigger(name="append_only")]
        indexes = [models.Index(fields=["dealer", "-id"], name="dealers_change_of_dealer")]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.at:%Y-%m-%d}"
