"""Tables of financing."""

from apps.financing.models.applications import FinanceApplication, FinanceConsent, FinanceDocument, LenderEvent
from apps.financing.models.law import PurchaseTaxRule, SubsidyRule
from apps.financing.models.products import FinanceProduct, FinanceRate, Lender
from apps.financing.models.trade_ins import TradeIn, TradeInAge, TradeInCondition, TradeInPhoto, TradeInTable

__all__ = [
    "FinanceApplication",
    "FinanceConsent",
    "FinanceDocument",
    "FinanceProduct",
    "FinanceRate",
    "Lender",
    "LenderEvent",
    "PurchaseTaxRule",
    "SubsidyRule",
    "TradeIn",
    "TradeInAge",
    "TradeInCondition",
    "TradeInPhoto",
    "TradeInTable",
]
