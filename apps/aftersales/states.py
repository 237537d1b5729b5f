"""Where a visit, a finding and an entitlement stand, who pays for a line, how urgent a finding is."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class VisitStatus(models.TextChoices):
    """How far a visit to the workshop is."""

    BOOKED = "BOOKED", pgettext_lazy("visit", "Booked")  # a bay is promised
    CHECKED_IN = "CHECKED_IN", pgettext_lazy("visit", "In the workshop")  # the work order is open
    DONE = "DONE", pgettext_lazy("visit", "Ready")  # all work is done, something is still to be paid
    PAID = "PAID", pgettext_lazy("visit", "Completed")  # nothing is owed any more
    CANCELLED = "CANCELLED", pgettext_lazy("visit", "Cancelled")
    NO_SHOW = "NO_SHOW", pgettext_lazy("visit", "Nobody came")


class FindingStatus(models.TextChoices):
    """What became of something the workshop found."""

    NOTED = "NOTED", _("Noted")  # nothing is proposed yet, or nothing needs doing
    PROPOSED = "PROPOSED", _("Awaits an answer")  # extra work with its price; nobody begins it
    APPROVED = "APPROVED", pgettext_lazy("extra work", "Approved")
    DECLINED = "DECLINED", pgettext_lazy("extra work", "Declined")


class EntitlementStatus(models.TextChoices):
    """Whether a package can be used. Whether it is used up or has run out follows from its rows and dates."""

    ACTIVE = "ACTIVE", pgettext_lazy("package", "Active")
    REFUNDED = "REFUNDED", pgettext_lazy("package", "Given back")


class LineKind(models.TextChoices):
    """What a line of a work order is."""

    LABOUR = "LABOUR", _("Labour")
    PART = "PART", pgettext_lazy("work order", "Part")


class Payer(models.TextChoices):
    """Who pays for a line."""

    CUSTOMER = "CUSTOMER", _("Customer")
    PACKAGE = "PACKAGE", pgettext_lazy("payer", "Package")
    WARRANTY = "WARRANTY", pgettext_lazy("payer", "Warranty")
    RECALL = "RECALL", pgettext_lazy("payer", "Recall")


class Urgency(models.TextChoices):
    """How soon something that was found needs doing."""

    NOW = "NOW", _("Now: it is not safe")
    SOON = "SOON", _("Soon")
    WATCH = "WATCH", _("Keep an eye on it")


class Component(models.IntegerChoices):
    """What a warranty covers; numbers, so that the database can tell two spans of one apart without an extension."""

    VEHICLE = 1, _("Whole vehicle")
    BATTERY = 2, _("Drive battery, motor and their control")
    EXCHANGE = 3, _("Exchange or return of the vehicle")


# The warranties under which something is repaired.
REPAIRED_UNDER = (Component.VEHICLE, Component.BATTERY)


class Origin(models.TextChoices):
    """How a person came by a car, as far as we know."""

    HANDOVER = "HANDOVER", _("Bought from us")
    CLAIM = "CLAIM", _("Told by the owner")
    TRANSFER = "TRANSFER", _("Taken over from the last owner")


class Tender(models.TextChoices):
    """How the rest was paid: at the store's counter, or online."""

    CARD = "CARD", _("Card")
    WECHAT = "WECHAT", _("WeChat Pay")
    ALIPAY = "ALIPAY", _("Alipay")
    CASH = "CASH", _("Cash")
    ONLINE = "ONLINE", pgettext_lazy("tender", "Online")  # through a payment provider: payments knows which


# What is noted at the counter; money that comes online tells of itself.
COUNTER_TENDERS = (Tender.CARD, Tender.WECHAT, Tender.ALIPAY, Tender.CASH)


V = VisitStatus
OPEN = (V.BOOKED, V.CHECKED_IN, V.DONE)
AT_WORK = (V.BOOKED, V.CHECKED_IN)
VISIT = Lifecycle(
    name="aftersales.visit",
    moves={
        "check_in": ({V.BOOKED}, V.CHECKED_IN),
        "finish": ({V.CHECKED_IN}, V.DONE),
        "settle": ({V.DONE}, V.PAID),
        "cancel": ({V.BOOKED}, V.CANCELLED),
        "no_show": ({V.BOOKED}, V.NO_SHOW),
    },
)
FINDING = Lifecycle(
    name="aftersales.finding",
    moves={
        "propose": ({FindingStatus.NOTED}, FindingStatus.PROPOSED),
        "approve": ({FindingStatus.PROPOSED}, FindingStatus.APPROVED),
        "decline": ({FindingStatus.PROPOSED}, FindingStatus.DECLINED),
    },
)
ENTITLEMENT = Lifecycle(
    name="aftersales.entitlement",
    moves={"refund": ({EntitlementStatus.ACTIVE}, EntitlementStatus.REFUNDED)},
)
