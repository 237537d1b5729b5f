"""Tables of service, by noun."""

from apps.aftersales.models.entitlements import Entitlement, EntitlementLine, Redemption
from apps.aftersales.models.plans import (
    MaintenancePlan,
    PlanStep,
    Recall,
    RecallCar,
    ServiceItem,
    ServicePart,
    WarrantyTerm,
)
from apps.aftersales.models.reminders import ReminderRule, ServiceReminder
from apps.aftersales.models.vehicles import Ownership, TransferOffer, Vehicle
from apps.aftersales.models.visits import Finding, FindingPhoto, ServiceVisit, VisitLine

__all__ = [
    "Entitlement",
    "EntitlementLine",
    "Finding",
    "FindingPhoto",
    "MaintenancePlan",
    "Ownership",
    "PlanStep",
    "Recall",
    "RecallCar",
    "Redemption",
    "ReminderRule",
    "ServiceItem",
    "ServicePart",
    "ServiceReminder",
    "ServiceVisit",
    "TransferOffer",
    "Vehicle",
    "VisitLine",
    "WarrantyTerm",
]
