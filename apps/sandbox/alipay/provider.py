"""Alipay as the process knows it: its interface for merchants beside its counter."""

from starlette.routing import BaseRoute, Route

from .api import AlipayApi
from .counter import AlipayCounter


class Alipay(AlipayCounter):
    """The provider ``alipay``."""

    def routes(self) -> list[BaseRoute]:
        return [
            *AlipayApi(self).routes(),
            Route("/alipay/cashier/", self.show_cashier, methods=["GET", "POST"]),
            Route("/alipay/statement/", self.show_statement, methods=["GET"]),
        ]
