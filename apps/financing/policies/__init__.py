"""The arithmetic of instalments and of their true yearly cost. Pure: no ORM, no clock."""

from apps.financing.policies.instalments import Plan, Terms, draw_up
from apps.financing.policies.yearly import YearlyCost, monthly_irr, yearly_cost

__all__ = ["Plan", "Terms", "YearlyCost", "draw_up", "monthly_irr", "yearly_cost"]
