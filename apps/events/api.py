"""The door of events: every fact of the suite."""

from apps.events.accounts import UserRegistered
from apps.events.aftersales import (
    ExtraWorkAnswered,
    ExtraWorkProposed,
    PackageGranted,
    PackageRedeemed,
    PackageRefunded,
    RecallPublished,
    ServiceBooked,
    ServiceChanged,
    ServiceMoved,
)
from apps.events.base import Fact
from apps.events.catalog import PriceChangeDecided, ProductChanged, ProposalDecided
from apps.events.dealers import (
    DealerAuthorizationChanged,
    DealerLevelChanged,
    DealerStatusChanged,
    DealerTerritoryChanged,
    StoreChanged,
)
from apps.events.financing import (
    LoanApplicationDecided,
    LoanApplicationSubmitted,
    LoanApplicationWithdrawn,
    LoanContractSigned,
    LoanDisbursed,
    TradeInDeclined,
    TradeInInspected,
)
from apps.events.inventory import StockChanged
from apps.events.leads import LeadAssigned, LeadEnded, LeadOpened
from apps.events.membership import QuestionsChanged, ReviewPublished, ReviewReplied, ReviewWithdrawn
from apps.events.notifications import MessageQueued
from apps.events.orders import (
    DepositPaid,
    FulfilmentMoved,
    FulfilmentRerouted,
    HandoverChanged,
    OrderAwaitingPayment,
    OrderCancelled,
    OrderCompleted,
    OrderExpired,
    OrderPlaced,
)
from apps.events.payments import (
    PaymentCaptured,
    PaymentClosed,
    PaymentFailed,
    RefundFailed,
    RefundRequested,
    RefundSucceeded,
)
from apps.events.scheduling import BookingCancelled, BookingDue, BookingMade, BookingMoved, SlotOffered
from apps.events.suppliers import SupplierStatusChanged
from apps.events.testdrives import TestDriveChanged, TestDriveMoved, TestDriveRequested

__all__ = [
    "BookingCancelled",
    "BookingDue",
    "BookingMade",
    "BookingMoved",
    "DealerAuthorizationChanged",
    "DealerLevelChanged",
    "DealerStatusChanged",
    "DealerTerritoryChanged",
    "DepositPaid",
    "ExtraWorkAnswered",
    "ExtraWorkProposed",
    "Fact",
    "FulfilmentMoved",
    "FulfilmentRerouted",
    "HandoverChanged",
    "LeadAssigned",
    "LeadEnded",
    "LeadOpened",
    "LoanApplicationDecided",
    "LoanApplicationSubmitted",
    "LoanApplicationWithdrawn",
    "LoanContractSigned",
    "LoanDisbursed",
    "MessageQueued",
    "OrderAwaitingPayment",
    "OrderCancelled",
    "OrderCompleted",
    "OrderExpired",
    "OrderPlaced",
    "PackageGranted",
    "PackageRedeemed",
    "PackageRefunded",
    "PaymentCaptured",
    "PaymentClosed",
    "PaymentFailed",
    "PriceChangeDecided",
    "ProductChanged",
    "ProposalDecided",
    "QuestionsChanged",
    "RecallPublished",
    "RefundFailed",
    "RefundRequested",
    "RefundSucceeded",
    "ReviewPublished",
    "ReviewReplied",
    "ReviewWithdrawn",
    "ServiceBooked",
    "ServiceChanged",
    "ServiceMoved",
    "SlotOffered",
    "StockChanged",
    "StoreChanged",
    "SupplierStatusChanged",
    "TestDriveChanged",
    "TestDriveMoved",
    "TestDriveRequested",
    "TradeInDeclined",
    "TradeInInspected",
    "UserRegistered",
]
