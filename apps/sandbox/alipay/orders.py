"""Reading ``biz_content``."""

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.sandbox.clock import SHANGHAI
from apps.sandbox.trades import NewTrade

from .errors import bad_parameter

# Source: https://opendocs.alipay.com/open/028r8t: 0.01 to 100,000,000 yuan, two decimal places at most.
MOST = Decimal("100000000.00")
TIMEOUT = re.compile(r"([0-9]+)([mhd])|1c")
SECONDS = {"m": 60, "h": 3600, "d": 86_400}


def text_of(content: dict[str, Any], name: str, *, most: int, is_required: bool = True) -> str:
    value = content.get(name)
    if value is None and not is_required:
        return ""
    if not isinstance(value, str | int | float) or value == "":
        raise bad_parameter(f"参数有误：{name}")
    if len(str(value)) > most:
        raise bad_parameter(f"参数有误：{name}长度超过{most}")
    return str(value)


def fen_of(content: dict[str, Any], name: str) -> int:
    """Return an amount of yuan as fen."""
    try:
        amount = Decimal(str(content.get(name)))
    except InvalidOperation as error:
        raise bad_parameter(f"参数有误：{name}") from error
    if not amount.is_finite() or not Decimal("0.01") <= amount <= MOST or amount != round(amount, 2):
        raise bad_parameter(f"参数有误：{name}")
    return int(amount * 100)


def as_yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def read_order(
    content: dict[str, Any], *, kind: str, trade_no: str, notify_url: str, return_url: str, now: float
) -> NewTrade:
    """Return the trade that page.pay, wap.pay or precreate orders."""
    return NewTrade(
        number=text_of(content, "out_trade_no", most=64),
        trade_no=trade_no,
        kind=kind,
        subject=text_of(content, "subject", most=256),
        amount=fen_of(content, "total_amount"),
        currency="CNY",
        notify_url=notify_url,
        return_url=return_url,
        expires_at=_expiry(content, now=now),
        details={
            "passback_params": text_of(content, "passback_params", most=512, is_required=False),
            "body": text_of(content, "body", most=128, is_required=False),
            "is_scanned": kind != "precreate",
        },
    )


def _expiry(content: dict[str, Any], *, now: float) -> float | None:
    timeout, moment = content.get("timeout_express"), content.get("time_expire")
    if moment:
        try:
            return datetime.strptime(str(moment), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI).timestamp()
        except ValueError as error:
            raise bad_parameter("参数有误：time_expire") from error
    if not timeout:
        return None
    match = TIMEOUT.fullmatch(str(timeout))
    if not match:
        raise bad_parameter("参数有误：timeout_express")
    return now + int(match[1]) * SECONDS[match[2]] if match[1] else None
