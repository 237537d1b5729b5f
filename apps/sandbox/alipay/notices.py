"""Notifications of Alipay.

Source: https://opendocs.alipay.com/open/270/105902: repeated at 4 m, 10 m, 10 m, 1 h, 2 h, 6 h and 15 h until the
answer is the bare word ``success``. A refund notifies the payment's address again, as TRADE_SUCCESS (in part) or
TRADE_CLOSED (in full) with ``refund_fee``, ``gmt_refund`` and ``out_biz_no``.
"""

import secrets

from apps.sandbox.clock import as_alipay_time, in_shanghai
from apps.sandbox.notices import Notice, Versions, other_amount
from apps.sandbox.trades import Refund, Trade

from .orders import as_yuan
from .views import notice_fields

MINUTE, HOUR = 60.0, 3600.0
RETRY_AFTER = (4 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR)


class Notices:
    """Notices of one application."""

    def __init__(self, *, app_id: str, seller_id: str) -> None:
        self.app_id = app_id
        self.seller_id = seller_id

    def payment_versions(self, trade: Trade, *, now: float) -> Versions:
        """Return the success notice, one with another amount, and the older "waiting for the buyer"."""
        return Versions(
            genuine=self.trade_notice(trade, status="TRADE_SUCCESS", now=now),
            wrong_amount=self.trade_notice(trade, status="TRADE_SUCCESS", now=now, amount=other_amount(trade.amount)),
            older=[self.trade_notice(trade, status="WAIT_BUYER_PAY", now=now)],
        )

    def refund_versions(self, refund: Refund, trade: Trade, *, refunded: int, now: float) -> Versions:
        """Return the notice of a refund, ``refunded`` being all refunds so far, and one with another amount."""
        status = "TRADE_CLOSED" if refunded >= trade.amount else "TRADE_SUCCESS"

        def notice(total: int) -> Notice:
            about = {
                "out_biz_no": refund.details["out_request_no"],
                "refund_fee": as_yuan(total),
                "gmt_refund": as_alipay_time(refund.settles_at),
            }
            return self.trade_notice(trade, status=status, now=now, about=about)

        return Versions(genuine=notice(refunded), wrong_amount=notice(other_amount(refunded)))

    def trade_notice(
        self, trade: Trade, *, status: str, now: float, amount: int | None = None, about: dict[str, str] | None = None
    ) -> Notice:
        notify_id = f"{in_shanghai(now):%Y%m%d}00222{secrets.randbelow(10**18):018d}"
        fields = notice_fields(
            trade,
            status=status,
            app_id=self.app_id,
            seller_id=self.seller_id,
            amount=trade.amount if amount is None else amount,
            notify_id=notify_id,
        )
        return Notice(event_id=notify_id, kind=status, url=trade.notify_url, payload={**fields, **(about or {})})
