"""Stripe: hosted Checkout, refunds and what reconciliation reads. Imports nothing of the package of the same name."""

from .provider import Stripe

__all__ = ["Stripe"]
