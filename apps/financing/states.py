"""How a financed amount is paid back, and the kinds that the law knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


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


class ApplicationStatus(models.TextChoices):
    """How far an application for a loan has come."""

    DRAFT = "DRAFT", _("Being prepared")  # the applicant may change everything
    SUBMITTED = "SUBMITTED", _("With the lender")  # handed in; the lender has it or will have it in a moment
    MORE_ASKED = "MORE_ASKED", _("More papers asked for")  # the lender waits for the applicant
    APPROVED = "APPROVED", _("Approved")  # the lender will lend, until ``approved_until``
    SIGNED = "SIGNED", _("Contract signed")  # the lender was asked to pay out, or will be in a moment
    DISBURSED = "DISBURSED", _("Paid out")  # the money counts towards the order
    REFUSED = "REFUSED", _("Refused")  # the lender will not lend
    EXPIRED = "EXPIRED", _("Expired")  # nobody signed, or answered, in time
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")  # the applicant does not want it any more


class DocumentKind(models.TextChoices):
    """What a lender wants to see."""

    IDENTITY = "IDENTITY", _("Identity card")
    INCOME = "INCOME", _("Proof of income")
    RESIDENCE = "RESIDENCE", _("Proof of residence")
    LICENCE = "LICENCE", _("Driving licence")


class LenderVerdict(models.TextChoices):
    """What one piece of news from a lender meant."""

    TAKEN = "taken", _("Taken over")  # the application moved
    NOTED = "noted", _("Noted")  # true, and changes nothing
    OUT_OF_ORDER = "out_of_order", _("Out of order")  # old news about an application that has moved on
    WRONG_AMOUNT = "wrong_amount", _("Wrong amount")
    WRONG_REFERENCE = "wrong_reference", _("Wrong reference")
    UNKNOWN_APPLICATION = "unknown_application", _("Unknown application")


LENDER_REFUSALS = frozenset(
    {LenderVerdict.WRONG_AMOUNT, LenderVerdict.WRONG_REFERENCE, LenderVerdict.UNKNOWN_APPLICATION}
)

A = ApplicationStatus
APPLICATION = Lifecycle(
    name="financing.application",
    moves={
        "submit": ({A.DRAFT, A.MORE_ASKED}, A.SUBMITTED),
        "ask_for_more": ({A.SUBMITTED}, A.MORE_ASKED),
        "approve": ({A.SUBMITTED}, A.APPROVED),
        "refuse": ({A.SUBMITTED, A.MORE_ASKED, A.SIGNED}, A.REFUSED),
        "sign": ({A.APPROVED}, A.SIGNED),
        "disburse": ({A.SIGNED}, A.DISBURSED),
        "expire": ({A.SUBMITTED, A.MORE_ASKED, A.APPROVED, A.SIGNED}, A.EXPIRED),
        "withdraw": ({A.DRAFT, A.SUBMITTED, A.MORE_ASKED, A.APPROVED}, A.WITHDRAWN),
    },
)
# An order has at most one application in one of these.
LIVE_APPLICATIONS = (A.DRAFT, A.SUBMITTED, A.MORE_ASKED, A.APPROVED, A.SIGNED, A.DISBURSED)
# What the lender may have news about.
OPEN_AT_LENDER = (A.SUBMITTED, A.MORE_ASKED, A.APPROVED, A.SIGNED)
EDITABLE_APPLICATIONS = (A.DRAFT, A.MORE_ASKED)


class Condition(models.TextChoices):
    """How a used car is kept; what each is worth is a row of the dated table."""

    EXCELLENT = "EXCELLENT", _("Excellent: as new, full service record")
    GOOD = "GOOD", _("Good: small traces of use")
    FAIR = "FAIR", _("Fair: scratches or dents, all works")
    POOR = "POOR", _("Poor: damage or faults to repair")


class PhotoOf(models.TextChoices):
    """What a picture of a used car shows."""

    FRONT = "FRONT", pgettext_lazy("picture of a car", "Front")
    REAR = "REAR", pgettext_lazy("picture of a car", "Rear")
    LEFT = "LEFT", pgettext_lazy("picture of a car", "Left side")
    RIGHT = "RIGHT", pgettext_lazy("picture of a car", "Right side")
    INTERIOR = "INTERIOR", pgettext_lazy("picture of a car", "Interior")
    ODOMETER = "ODOMETER", pgettext_lazy("picture of a car", "Kilometres on the clock")
    VIN = "VIN", pgettext_lazy("picture of a car", "VIN on the car")
    DAMAGE = "DAMAGE", pgettext_lazy("picture of a car", "Damage")


class TradeInStatus(models.TextChoices):
    """How far taking a car in part exchange has come."""

    OFFERED = (
        "OFFERED",
        pgettext_lazy("trade-in", "Offered"),
    )  # valued from what its owner said; holds until ``expires_at``
    ACCEPTED = "ACCEPTED", _("Waiting for inspection")  # the owner brings it to the store
    INSPECTED = "INSPECTED", _("Inspected")  # the store's figure waits for the owner
    CREDITED = "CREDITED", _("Credited")  # the figure counts towards the order; the car is the dealer's
    DECLINED = "DECLINED", _("Declined by the store")  # the store does not take this car
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("trade-in", "Withdrawn")  # the owner keeps the car
    EXPIRED = "EXPIRED", pgettext_lazy("trade-in", "Expired")  # nobody acted in time


T = TradeInStatus
TRADE_IN = Lifecycle(
    name="financing.trade_in",
    moves={
        "accept": ({T.OFFERED}, T.ACCEPTED),
        "inspect": ({T.ACCEPTED}, T.INSPECTED),
        "decline": ({T.ACCEPTED}, T.DECLINED),
        "credit": ({T.INSPECTED}, T.CREDITED),
        "withdraw": ({T.OFFERED, T.ACCEPTED, T.INSPECTED}, T.WITHDRAWN),
        "expire": ({T.OFFERED, T.ACCEPTED, T.INSPECTED}, T.EXPIRED),
    },
)
# A car (VIN) is in at most one of these at a time; one that was credited is the dealer's.
LIVE_TRADE_INS = (T.OFFERED, T.ACCEPTED, T.INSPECTED, T.CREDITED)
