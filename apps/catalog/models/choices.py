"""What was decided about the offers of a product, with everything that decided it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.products import ProductInfo


class OfferChoice(models.Model):
    """
    Whose offer of a product is shown, and why not the others: a projection, written with ``ProductInfo.shown_offer``.

    ``candidates`` is what the choice looked at, ``verdicts`` what it said; the first replays to the second
    (``replay_offer_choices``).
    """

    product = models.OneToOneField(ProductInfo, models.CASCADE, primary_key=True, related_name="offer_choice")
    candidates = models.JSONField(_("candidates"), default=list)
    verdicts = models.JSONField(_("verdicts"), default=list)
    decided_at = models.DateTimeField(_("decided at"), db_default=Now())

    class Meta:
        verbose_name = _("choice of the offer")
        verbose_name_plural = _("choices of the offer")

    def __str__(self) -> str:
        return str(self.product_id)
