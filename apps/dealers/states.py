"""What a dealer is to us, what it may do, and the moves between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class DealerStatus(models.TextChoices):
    """Where a dealer stands."""

    INVITED = "INVITED", _("Invited")  # headquarters asked it to apply
    APPLIED = "APPLIED", _("Applied")  # it asked by itself
    ONBOARDING = "ONBOARDING", _("Onboarding")  # it is handing in what we require
    READY_FOR_REVIEW = "READY_FOR_REVIEW", _("Ready for review")  # everything required is handed in
    APPROVED = "APPROVED", _("Approved")  # its stores take orders
    REJECTED = "REJECTED", _("Rejected")  # they do not, for good
    SUSPENDED = "SUSPENDED", _("Suspended")  # no new orders; open orders finish


class DealerLevel(models.TextChoices):
    """How much business a dealer does for us; rules of commission look at it."""

    FLAGSHIP = "FLAGSHIP", _("Flagship")
    CORE = "CORE", _("Core")
    STANDARD = "STANDARD", _("Standard")


class LevelBenefitKind(models.TextChoices):
    """What a level brings, and in which unit."""

    ACCEPTANCE_HOURS = "ACCEPTANCE_HOURS", _("Hours to accept an order")  # hours
    ROUTING_RANK = "ROUTING_RANK", _("Rank among equal sites")  # smaller comes first
    REBATE_RATE = "REBATE_RATE", _("Rebate on sales")  # share of the price, 0.015 = 1.5 %
    DEMO_CARS = "DEMO_CARS", _("Demo cars")  # cars
    CREDIT_DAYS = "CREDIT_DAYS", _("Days to pay")  # days
    CONCESSION_RATE = "CONCESSION_RATE", _("Largest concession on a quote")  # share of the price, 0.03 = 3 %


class ChannelMove(models.TextChoices):
    """What headquarters decides about a dealer."""

    GRANT = "grant", _("Authorization granted")
    EXTEND = "extend", _("Authorization extended")
    END = "end", _("Authorization ended")
    REVOKE = "revoke", _("Authorization revoked")
    ASSIGN_TERRITORY = "assign_territory", _("Territory assigned")
    END_TERRITORY = "end_territory", _("Territory ended")
    CHANGE_LEVEL = "change_level", _("Level changed")
    MOVE_DEALER = "move_dealer", _("Parent changed")
    OPEN_STORE = "open_store", _("Store opened")
    CLOSE_STORE = "close_store", _("Store closed")
    REOPEN_STORE = "reopen_store", _("Store reopened")
    MOVE_STORE = "move_store", _("Store moved")
    SET_HOURS = "set_hours", _("Opening hours changed")
    SET_DAYS = "set_days", _("Special days set")
    SET_QUOTA = "set_quota", _("Quota set")


class AuthorizationKind(models.TextChoices):
    """What an authorization lets a dealer do with a brand in a region."""

    SALES = "SALES", _("Sales")
    SERVICE = "SERVICE", _("Service")


class StoreService(models.TextChoices):
    """What a visitor can look for in a store."""

    SALES = "sales", _("Sales")
    SERVICE = "service", _("Service")


S = DealerStatus

DEALER = Lifecycle(
    name="dealers.dealer",
    moves={
        "onboard": ({S.INVITED, S.APPLIED}, S.ONBOARDING),
        "submit": ({S.ONBOARDING}, S.READY_FOR_REVIEW),
        "ask_for_more": ({S.READY_FOR_REVIEW}, S.ONBOARDING),
        "approve": ({S.READY_FOR_REVIEW}, S.APPROVED),
        "reject": ({S.READY_FOR_REVIEW}, S.REJECTED),
        "suspend": ({S.APPROVED}, S.SUSPENDED),
        "restore": ({S.SUSPENDED}, S.APPROVED),
    },
)
