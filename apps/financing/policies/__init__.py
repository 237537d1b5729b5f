"""The arithmetic of instalments, of their true yearly cost and of the law. Pure: no ORM, no clock."""

from apps.financing.policies.instalments import Plan, Terms, draw_up
from apps.financing.policies.law import PurchaseTax, PurchaseTaxTerms, purchase_tax, subsidy
from apps.financing.policies.yearly import YearlyCost, monthly_irr, yearly_cost

__all__ = [
    "Plan",
    "PurchaseTax",
    "PurchaseTaxTerms",
    "Terms",
    "YearlyCost",
    "draw_up",
    "monthly_irr",
    "purchase_tax",
    "subsidy",
    "yearly_cost",
]
