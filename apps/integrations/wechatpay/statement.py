"""
WeChat Pay's trade bill.

UTF-8 with a byte order mark; a line of names, lines of values, a line of totals' names, a line of totals; a backtick
before every value; amounts in yuan; times in Shanghai. Source: https://pay.weixin.qq.com/doc/v3/merchant/4013071195
"""

from apps.integrations.reading import ReadingError, read_major, read_wall_clock
from apps.payments.ports import NoticeKind, StatementLine

TOTALS_BEGIN = "总交易单数"


def read_trade_bill(content: bytes) -> list[StatementLine]:
    """
    Return the lines of a bill that moved money.

    :raises ReadingError: if it is not such a bill, or its totals do not fit its lines
    """
    try:
        rows = [line for line in content.decode("utf-8-sig").split("\r\n") if line]
    except UnicodeDecodeError as error:
        raise ReadingError("the bill is not UTF-8") from error
    if len(rows) < 3 or not rows[-2].startswith(TOTALS_BEGIN):
        raise ReadingError("the bill has no totals")
    names = rows[0].split(",")
    lines = [_read_line(dict(zip(names, _values(row), strict=True))) for row in rows[1:-2]]
    if _values(rows[-1])[0] != str(len(lines)):
        raise ReadingError("the bill's count of lines is not the number of its lines")
    return lines


def _values(row: str) -> list[str]:
    """Split at the backticks: a comma alone may stand in a text."""
    return row.removeprefix("`").split(",`")


def _read_line(values: dict[str, str]) -> StatementLine:
    try:
        is_refund = values["交易状态"] in ("REFUND", "REVOKED")
        return StatementLine(
            kind=NoticeKind.REFUND if is_refund else NoticeKind.PAYMENT,
            number=values["商户退款单号" if is_refund else "商户订单号"],
            reference=values["微信退款单号" if is_refund else "微信订单号"],
            amount=read_major(values, "退款金额" if is_refund else "应结订单金额", values["货币种类"]),
            at=read_wall_clock(values["交易时间"]),
        )
    except KeyError as error:
        raise ReadingError(f"the bill has no column {error}") from error
