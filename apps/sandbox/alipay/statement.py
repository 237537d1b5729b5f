"""The business detail (业务明细) of a day.

Format: GBK, LF, ``#`` lines around a comma-separated list, a tab after long values (for spreadsheets), amounts in yuan,
refunds negative. A download is a ZIP with the detail and its summary.
Source: https://opendocs.alipay.com/open/01inen (bill download) and published samples of the file.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from apps.sandbox.clock import as_alipay_time
from apps.sandbox.trades import Refund, Trade

from .orders import as_yuan

COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMMARY_COLUMNS = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,"
    "服务费（元）,分润（元）,实收净额（元）"
)
DASHES = "-" * 40
RATE = Decimal("0.006")
BUYER = "*车主(159****5620)"


def fee_of(amount: int) -> int:
    """Return Alipay's service charge in fen, rounded half up."""
    return int((Decimal(amount) * RATE).quantize(Decimal(1), ROUND_HALF_UP))


def business_detail(
    day: date, payments: Iterable[Trade], refunds: Iterable[tuple[Refund, Trade]], *, seller_id: str, now: float
) -> bytes:
    """Return the detail of ``day``, payments first, then refunds, each in the order of time."""
    payments, refunds = list(payments), list(refunds)
    paid = sum(trade.amount for trade in payments)
    returned = sum(refund.amount for refund, _ in refunds)
    lines = [
        "#支付宝业务明细查询",
        *_heading(day, seller_id=seller_id),
        f"#{DASHES}-业务明细列表{DASHES}",
        COLUMNS,
        *(_payment_line(trade) for trade in payments),
        *(_refund_line(refund, trade) for refund, trade in refunds),
        f"#{DASHES}-业务明细列表结束{DASHES}",
        f"#交易合计：{len(payments)}笔，商家实收共{as_yuan(paid)}元，商家优惠共0.00元",
        f"#退款合计：{len(refunds)}笔，商家实收退款共{as_yuan(-returned)}元，商家优惠退款共0.00元",
        f"#导出时间：[{as_alipay_time(now)}]",
    ]
    return _encode(lines)


def business_summary(
    day: date, payments: Iterable[Trade], refunds: Iterable[tuple[Refund, Trade]], *, seller_id: str, now: float
) -> bytes:
    """Return the one-line summary that comes in the same ZIP."""
    payments, refunds = list(payments), list(refunds)
    total = sum(trade.amount for trade in payments) - sum(refund.amount for refund, _ in refunds)
    fees = sum(fee_of(trade.amount) for trade in payments) - sum(fee_of(refund.amount) for refund, _ in refunds)
    counts = f"合计\t,\t,{len(payments)},{len(refunds)}"
    amounts = [total, total, 0, 0, 0, -fees, 0, total - fees]
    lines = [
        "#支付宝业务汇总查询",
        *_heading(day, seller_id=seller_id),
        f"#{DASHES}-业务汇总列表{DASHES}",
        SUMMARY_COLUMNS,
        ",".join([counts, *map(as_yuan, amounts)]),
        f"#{DASHES}-业务汇总列表结束{DASHES}",
        f"#导出时间：[{as_alipay_time(now)}]",
    ]
    return _encode(lines)


def pack(day: date, *, detail: bytes, summary: bytes, seller_id: str) -> bytes:
    """Return the ZIP a merchant downloads."""
    buffer = io.BytesIO()
    stem = f"{seller_id}0156_{day:%Y%m%d}"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{stem}_业务明细.csv", detail)
        archive.writestr(f"{stem}_业务明细(汇总).csv", summary)
    return buffer.getvalue()


def _heading(day: date, *, seller_id: str) -> list[str]:
    end = day + timedelta(days=1)
    period = f"起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{end:%Y年%m月%d日} 00:00:00]"
    return [f"#账号：[{seller_id}0156]", f"#{period}"]


def _payment_line(trade: Trade) -> str:
    return _line(trade, kind="交易", at=trade.paid_at or trade.created_at, amount=trade.amount, request_no="")


def _refund_line(refund: Refund, trade: Trade) -> str:
    request_no = refund.details["out_request_no"]
    return _line(trade, kind="退款", at=refund.settles_at, amount=-refund.amount, request_no=request_no)


def _line(trade: Trade, *, kind: str, at: float, amount: int, request_no: str) -> str:
    fee = -fee_of(amount) if amount > 0 else fee_of(-amount)
    values = [
        *(f"{trade.trade_no}\t", f"{trade.number}\t", f"{kind}\t", _text(trade.subject)),
        *(as_alipay_time(trade.created_at), as_alipay_time(at), "\t", "\t", "\t", "\t", f"{BUYER}\t"),
        *(as_yuan(amount), as_yuan(amount), "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00"),
        *(f"{request_no}\t", as_yuan(fee), "0.00", _text(trade.details.get("body", ""))),
    ]
    return ",".join(values)


def _text(value: str) -> str:
    """Keep a merchant's text from breaking the line: the format has no quoting."""
    return value.replace(",", "，").replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _encode(lines: list[str]) -> bytes:
    # A character GBK lacks becomes a question mark, as in the real file.
    return "".join(line + "\n" for line in lines).encode("gbk", errors="replace")
