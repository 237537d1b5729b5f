"""The only door to financing."""

from apps.financing.errors import (
    AprNotConverging,
    DownPaymentOutOfRange,
    NegativeRate,
    NoFinanceProduct,
    NoLawForTheDay,
    NotALoan,
    NothingToFinance,
    TermNotOffered,
)
from apps.financing.models import FinanceProduct, FinanceRate, Lender, PurchaseTaxRule, SubsidyRule
from apps.financing.policies import Plan, Terms, YearlyCost, draw_up, yearly_cost
from apps.financing.selectors.law import PurchaseTaxView, SubsidyView, list_subsidies, work_out_purchase_tax
from apps.financing.selectors.products import (
    FinanceProductView,
    InstalmentQuote,
    RateView,
    list_finance_products,
    quote_instalments,
)
from apps.financing.services.loading import load_car_law, load_finance
from apps.financing.states import Energy, Repayment, SubsidyKind

__all__ = [
    "AprNotConverging",
    "DownPaymentOutOfRange",
    "Energy",
    "FinanceProduct",
    "FinanceProductView",
    "FinanceRate",
    "InstalmentQuote",
    "Lender",
    "NegativeRate",
    "NoFinanceProduct",
    "NoLawForTheDay",
    "NotALoan",
    "NothingToFinance",
    "Plan",
    "PurchaseTaxRule",
    "PurchaseTaxView",
    "RateView",
    "Repayment",
    "SubsidyKind",
    "SubsidyRule",
    "SubsidyView",
    "TermNotOffered",
    "Terms",
    "YearlyCost",
    "draw_up",
    "list_finance_products",
    "list_subsidies",
    "load_car_law",
    "load_finance",
    "quote_instalments",
    "work_out_purchase_tax",
    "yearly_cost",
]
