"""WeChat Pay as the process knows it: its interface for merchants beside its counter."""

from starlette.routing import BaseRoute, Route

from .api import WechatApi
from .counter import WechatPayCounter


class WechatPay(WechatPayCounter):
    """The provider ``wechatpay``."""

    def routes(self) -> list[BaseRoute]:
        return [
            *WechatApi(self).routes(),
            Route("/wechatpay/cashier/", self.show_cashier, methods=["GET", "POST"]),
            Route("/wechatpay/statement/", self.show_statement, methods=["GET"]),
        ]
