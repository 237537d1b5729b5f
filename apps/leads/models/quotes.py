"""Quotes: what a car costs at a dealer, as it was said on paper."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, EncryptedTextField, Money, in_language


class Quote(models.Model):
    """
    A price for a configured car, frozen as it was told, until the end of ``valid_until`` in the store's zone.

    ``lines`` are ``{code, group, name_zh, name_en, amount}`` in the catalog's order and sum to ``price``, that of the
    price lists; less the store's ``concession`` it is ``total``, which includes ``tax`` at ``tax_rate``.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="quotes")
    store = models.ForeignKey("dealers.Store", models.PROTECT, related_name="quotes", verbose_name=_("store"))
    lead = models.ForeignKey("leads.Lead", models.PROTECT, null=True, blank=True, related_name="quotes")
    configuration = models.ForeignKey("catalog.Configuration", models.PROTECT, related_name="+")
    customer_name = EncryptedTextField(_("customer"), blank=True, default="")
    title_zh = models.CharField(_("title (Chinese)"), max_length=255)
    title_en = models.CharField(_("title (English)"), max_length=255)
    lines = models.JSONField(_("lines"))
    # The versions that made the price: see ``explain_quote_price``. Quotes of before the price lists have none.
    price_trace = models.JSONField(_("versions of the price"), default=dict, db_default={}, blank=True)
    concession = models.DecimalField(_("concession"), max_digits=14, decimal_places=2, default=0, db_default=0)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax included"), max_digits=14, decimal_places=2)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    valid_until = models.DateField(_("valid until"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gt=0, tax__gte=0, tax__lt=F("total")), name="leads_quote_in_range"
            ),
            models.CheckConstraint(condition=Q(concession__gte=0), name="leads_concession_not_negative"),
        ]
        indexes = [models.Index(fields=["organization", "-issued_at"], name="leads_quote_newest")]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The car in the reader's language."""
        return in_language(self.title_zh, self.title_en)

    @property
    def price(self) -> Money:
        """What the price lists say, before the store's concession."""
        return self.money("total") + self.money("concession")

    def money(self, field: str) -> Money:
        """Return an amount column as money."""
        return Money(getattr(self, field), self.currency)
