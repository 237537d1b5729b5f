"""The providers' own statements of a day, read as an accountant would, with none of the suite's code."""

import csv
import io
import json
from collections import Counter
from datetime import date
from decimal import Decimal

from tests.journeys.figures.buyers import Client

# (kind, amount in fen) with how many times the statement says so
Entries = Counter[tuple[str, int]]


def statement_of(sandbox_url: str, provider: str, day: date) -> Entries:
    """What a provider says it moved on one Shanghai day."""
    answer = Client(sandbox_url).send("GET", f"/{provider}/statement/?date={day.isoformat()}")
    assert answer.status == 200, answer
    return _READERS[provider](answer.content)


def _wechatpay(content: bytes) -> Entries:
    rows = [line.removeprefix("`").split(",`") for line in content.decode("utf-8-sig").split("\r\n")]
    names = rows[0][0].split(",")
    entries: Entries = Counter()
    for row in rows[1:-3]:
        values = dict(zip(names, row, strict=True))
        is_refund = values["交易状态"] == "REFUND"
        entries["refund" if is_refund else "payment", _fen(values["退款金额" if is_refund else "订单金额"])] += 1
    return entries


def _alipay(content: bytes) -> Entries:
    lines = [line for line in content.decode("gbk").splitlines() if not line.startswith("#")]
    entries: Entries = Counter()
    for values in csv.DictReader(io.StringIO("\n".join(lines))):
        kind = "refund" if values["业务类型"].strip() == "退款" else "payment"
        entries[kind, abs(_fen(values["订单金额（元）"]))] += 1
    return entries


def _stripe(content: bytes) -> Entries:
    kinds = {"charge": "payment", "refund": "refund"}
    return Counter((kinds[row["type"]], abs(row["amount"])) for row in json.loads(content)["data"])


def _fen(yuan: str) -> int:
    return int(Decimal(yuan.strip()) * 100)


_READERS = {"wechatpay": _wechatpay, "alipay": _alipay, "stripe": _stripe}
