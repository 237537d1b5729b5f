"""Stripe as the process knows it: its interface for merchants beside its counter."""

from starlette.routing import BaseRoute, Route

from .api import StripeApi
from .counter import StripeCounter


class Stripe(StripeCounter):
    """The provider ``stripe``."""

    def routes(self) -> list[BaseRoute]:
        return [
            *StripeApi(self).routes(),
            Route("/stripe/pay/{token}", self.show_cashier, methods=["GET", "POST"]),
            Route("/stripe/statement/", self.show_statement, methods=["GET"]),
        ]
