"""Tables of financing."""

from apps.financing.models.law import PurchaseTaxRule, SubsidyRule
from apps.financing.models.products import FinanceProduct, FinanceRate, Lender

__all__ = ["FinanceProduct", "FinanceRate", "Lender", "PurchaseTaxRule", "SubsidyRule"]
