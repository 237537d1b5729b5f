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
