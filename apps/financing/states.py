"""How a financed amount is paid back, and the kinds that the law knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Repayment(models.TextChoices):
    """The shape of the monthly payments."""

    EQUAL_INSTALMENT = "EQUAL_INSTALMENT", _("Equal instalments")
    EQUAL_PRINCIPAL = "EQUAL_PRINCIPAL", _("Equal principal")
    BALLOON = "BALLOON", _("Low instalments with a final payment")
    FLAT = "FLAT", _("Equal instalments at a flat rate")


class Energy(models.TextChoices):
    """What the law calls a car by what drives it."""

    NEV = "NEV", _("New energy")  # battery, plug-in hybrid, range extender, fuel cell
    FUEL = "FUEL", _("Fuel")  # everything else


class SubsidyKind(models.TextChoices):
    """What becomes of the old car."""

    SCRAP = "SCRAP", _("Old car scrapped")
    REPLACE = "REPLACE", _("Old car sold or traded in")
