"""The trade bill of a day.

Format: UTF-8 with a byte order mark, CRLF, a backtick before every value, amounts in yuan, two total lines last.
Source: https://pay.weixin.qq.com/doc/v3/merchant/4013071195 and https://pay.weixin.qq.com/doc/v3/merchant/4012071379.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from apps.sandbox.clock import as_alipay_time
from apps.sandbox.trades import Refund, Trade

from .views import BANK, OPENID, TRADE_TYPES

COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
TOTALS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
RATE = Decimal("0.006")


def fee_of(amount: int) -> int:
    """Return WeChat Pay's fee in fen, rounded half up."""
    return int((Decimal(amount) * RATE).quantize(Decimal(1), ROUND_HALF_UP))


def trade_bill(payments: Iterable[Trade], refunds: Iterable[tuple[Refund, Trade]], *, mchid: str, appid: str) -> bytes:
    """Return the bill, payments first, then refunds, each in the order of time."""
    payments, refunds = list(payments), list(refunds)
    rows = [_payment_row(trade, mchid=mchid, appid=appid) for trade in payments]
    rows += [_refund_row(refund, trade, mchid=mchid, appid=appid) for refund, trade in refunds]
    paid = sum(trade.amount for trade in payments)
    returned = sum(refund.amount for refund, _ in refunds)
    fees = sum(fee_of(trade.amount) for trade in payments) - sum(fee_of(refund.amount) for refund, _ in refunds)
    totals = [str(len(rows)), _yuan(paid), _yuan(returned), "0.00", _fee(fees), _yuan(paid), _yuan(returned)]
    lines = [COLUMNS, *(_line(row) for row in rows), TOTALS, _line(totals)]
    return ("\ufeff" + "".join(line + "\r\n" for line in lines)).encode()


def _payment_row(trade: Trade, *, mchid: str, appid: str) -> list[str]:
    paid_at = as_alipay_time(trade.paid_at or trade.created_at)
    head = _head(trade, paid_at, "SUCCESS", mchid=mchid, appid=appid)
    money = [BANK, trade.currency, _yuan(trade.amount), "0.00", "0", "0", "0.00", "0.00", "", ""]
    tail = [_fee(fee_of(trade.amount)), "0.60%", _yuan(trade.amount), "0.00", ""]
    return [*head, *money, _text(trade.subject), _text(trade.details.get("attach", "")), *tail]


def _refund_row(refund: Refund, trade: Trade, *, mchid: str, appid: str) -> list[str]:
    asked_at = as_alipay_time(refund.created_at)
    head = _head(trade, asked_at, "REFUND", mchid=mchid, appid=appid)
    money = [BANK, trade.currency, "0.00", "0.00", refund.refund_no, refund.number, _yuan(refund.amount), "0.00"]
    tail = [_fee(-fee_of(refund.amount)), "0.60%", "0.00", _yuan(refund.amount), ""]
    return [*head, *money, "ORIGINAL", "SUCCESS", _text(trade.subject), _text(trade.details.get("attach", "")), *tail]


def _head(trade: Trade, at: str, state: str, *, mchid: str, appid: str) -> list[str]:
    return [at, appid, mchid, "0", "", trade.trade_no, trade.number, _openid(trade), TRADE_TYPES[trade.kind], state]


def _openid(trade: Trade) -> str:
    return trade.details.get("openid") or OPENID


def _text(value: str) -> str:
    """Keep a merchant's text from breaking the line: the format has no quoting."""
    return value.replace(",", "，").replace("`", "'").replace("\r", " ").replace("\n", " ")


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _fee(fen: int) -> str:
    return f"{Decimal(fen) / 100:.5f}"


def _line(values: list[str]) -> str:
    return ",".join("`" + value for value in values)
