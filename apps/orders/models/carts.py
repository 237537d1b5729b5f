"""Companions of Oscar's basket: what a line was configured as and must fit, and the vouchers entered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CartLine(models.Model):
    """The wish behind one basket line that Oscar has no column for."""

    line = models.OneToOneField("basket.Line", models.CASCADE, primary_key=True, related_name="wish")
    configuration = models.ForeignKey(
        "catalog.Configuration", models.PROTECT, null=True, blank=True, related_name="cart_lines"
    )
    # The trim a part must fit.
    vehicle = models.ForeignKey("catalogue.Product", models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")

    def __str__(self) -> str:
        return str(self.pk)


class CartVoucher(models.Model):
    """A voucher code entered into a cart."""

    cart = models.ForeignKey("basket.Basket", models.CASCADE, related_name="voucher_codes")
    code = models.CharField(_("code"), max_length=40)

    class Meta:
        verbose_name = _("voucher in a cart")
        verbose_name_plural = _("vouchers in carts")
        constraints = [models.UniqueConstraint(fields=["cart", "code"], name="orders_voucher_once_per_cart")]

    def __str__(self) -> str:
        return self.code
