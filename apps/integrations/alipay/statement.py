"""
Alipay's business detail (业务明细).

GBK; lines that begin with ``#`` around a comma-separated list with one line of names; a tab after long values; amounts
in yuan, refunds negative; times in Shanghai. Source: https://opendocs.alipay.com/open/01inen
"""

from apps.integrations.reading import ReadingError, read_major, read_wall_clock
from apps.payments.ports import NoticeKind, StatementLine

KINDS = {"交易": NoticeKind.PAYMENT, "退款": NoticeKind.REFUND}


def read_business_detail(content: bytes) -> list[StatementLine]:
    """
    Return the lines of a detail that moved money.

    :raises ReadingError: if it is not such a file
    """
    # A character the file's encoding lacks stands there as a question mark; one that is broken is no reason to stop.
    rows = [line.strip("\r") for line in content.decode("gb18030", errors="replace").split("\n")]
    rows = [row for row in rows if row and not row.startswith("#")]
    if not rows or not rows[0].startswith("支付宝交易号"):
        raise ReadingError("the detail has no line of names")
    names = [name.strip() for name in rows[0].split(",")]
    lines = []
    for row in rows[1:]:
        values = [value.strip() for value in row.split(",")]
        if len(values) != len(names):
            raise ReadingError("a line of the detail has another number of values than there are names")
        lines.append(_read_line(dict(zip(names, values, strict=True))))
    return lines


def _read_line(values: dict[str, str]) -> StatementLine:
    try:
        kind = KINDS[values["业务类型"]]
        signed = {"amount": values["订单金额（元）"].removeprefix("-")}
        return StatementLine(
            kind=kind,
            number=values["商户订单号"] if kind is NoticeKind.PAYMENT else values["退款批次号/请求号"],
            reference=values["支付宝交易号"],
            amount=read_major(signed, "amount", "CNY"),
            at=read_wall_clock(values["完成时间"]),
        )
    except (KeyError, ValueError) as error:
        raise ReadingError(f"a line of the detail cannot be read: {error}") from error
