"""The only door to financing."""

from apps.financing.errors import DownPaymentOutOfRange, NoFinanceProduct, TermNotOffered
from apps.financing.models import FinanceProduct, FinanceRate, Lender
from apps.financing.policies import Plan, Terms, YearlyCost, draw_up, yearly_cost
from apps.financing.selectors import (
    FinanceProductView,
    InstalmentQuote,
    RateView,
    list_finance_products,
    quote_instalments,
)
from apps.financing.services import load_finance
from apps.financing.states import Repayment

__all__ = [
    "DownPaymentOutOfRange",
    "FinanceProduct",
    "FinanceProductView",
    "FinanceRate",
    "InstalmentQuote",
    "Lender",
    "NoFinanceProduct",
    "Plan",
    "RateView",
    "Repayment",
    "TermNotOffered",
    "Terms",
    "YearlyCost",
    "draw_up",
    "list_finance_products",
    "load_finance",
    "quote_instalments",
    "yearly_cost",
]
