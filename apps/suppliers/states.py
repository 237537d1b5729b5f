"""What a supplier is to us, and the moves between."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class SupplierStatus(models.TextChoices):
    """Where a supplier stands."""

    INVITED = "INVITED", _("Invited")  # headquarters asked it to apply
    APPLIED = "APPLIED", _("Applied")  # it asked by itself
    ONBOARDING = "ONBOARDING", _("Onboarding")  # it is handing in what we require
    READY_FOR_REVIEW = "READY_FOR_REVIEW", _("Ready for review")  # everything required is handed in
    APPROVED = "APPROVED", _("Approved")  # it may offer and sell
    REJECTED = "REJECTED", _("Rejected")  # it may not, for good
    SUSPENDED = "SUSPENDED", _("Suspended")  # no new offers and orders; open orders finish


S = SupplierStatus

SUPPLIER = Lifecycle(
    name="suppliers.supplier",
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
