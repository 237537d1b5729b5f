"""How a financed amount is paid back."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Repayment(models.TextChoices):
    """The shape of the monthly payments."""

    EQUAL_INSTALMENT = "EQUAL_INSTALMENT", _("Equal instalments")
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL", _("Equal principal")
    BALLOON = "BALLOON", _("Low instalments with a final payment")
    FLAT = "FLAT", _("Equal instalments at a flat rate")
