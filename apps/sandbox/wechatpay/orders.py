"""Reading the bodies merchants send: strict about what the provider is strict about."""

import re
from datetime import datetime
from typing import Any

from apps.sandbox.trades import NewTrade

from .errors import WechatError, bad_parameter

# Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791877
ORDER_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{6,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


def text_of(data: dict[str, Any], name: str, *, most: int, is_required: bool = True) -> str:
    """Return a text field of at most ``most`` characters."""
    value = data.get(name)
    if value is None and not is_required:
        return ""
    if not isinstance(value, str) or (is_required and not value):
        raise bad_parameter(f"输入源“/body/{name}”映射到值字段“{name}”字符串规则校验失败，必填字段缺失或类型错误")
    if len(value) > most:
        raise bad_parameter(f"输入源“/body/{name}”长度超过{most}")
    return value


def fen_of(data: dict[str, Any], name: str) -> int:
    """Return a positive amount in fen."""
    value = data.get(name)
    if type(value) is not int or value < 1:
        raise bad_parameter(f"输入源“/body/amount/{name}”必须为大于0的整数，单位为分")
    return value


def amount_of(data: dict[str, Any]) -> dict[str, Any]:
    amount = data.get("amount")
    if not isinstance(amount, dict):
        raise bad_parameter("输入源“/body/amount”必填字段缺失")
    if amount.get("currency", "CNY") != "CNY":
        raise bad_parameter("输入源“/body/amount/currency”仅支持CNY")
    return amount


def notify_url_of(data: dict[str, Any], *, is_required: bool) -> str:
    url = text_of(data, "notify_url", most=256, is_required=is_required)
    # The real one insists on https; a loopback merchant has none.
    if url and (not url.startswith(("http://", "https://")) or "?" in url):
        raise bad_parameter("notify_url必须为http(s)地址且不能携带参数")
    return url


def read_order(
    data: dict[str, Any], *, kind: str, appid: str, mchid: str, trade_no: str, token: str, now: float
) -> NewTrade:
    """Return the trade a merchant orders by ``/v3/pay/transactions/<kind>``."""
    if data.get("mchid") != mchid or data.get("appid") != appid:
        raise WechatError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    number = text_of(data, "out_trade_no", most=32)
    if not ORDER_NUMBER.fullmatch(number):
        raise bad_parameter("输入源“/body/out_trade_no”只能是6-32位数字、大小写字母_-|*@")
    details = {"attach": text_of(data, "attach", most=128, is_required=False)}
    if kind == "jsapi":
        payer = data.get("payer")
        if not isinstance(payer, dict) or not payer.get("openid"):
            raise bad_parameter("输入源“/body/payer/openid”必填字段缺失")
        details["openid"] = str(payer["openid"])
    if kind == "h5":
        scene = data.get("scene_info")
        if not isinstance(scene, dict) or not {"payer_client_ip", "h5_info"} <= scene.keys():
            raise bad_parameter("输入源“/body/scene_info”必填字段payer_client_ip、h5_info缺失")
    return NewTrade(
        number=number,
        trade_no=trade_no,
        token=token,
        kind=kind,
        subject=text_of(data, "description", most=127),
        amount=fen_of(amount_of(data), "total"),
        currency="CNY",
        notify_url=notify_url_of(data, is_required=True),
        expires_at=_expiry(data, now=now),
        details=details,
    )


def _expiry(data: dict[str, Any], *, now: float) -> float | None:
    value = text_of(data, "time_expire", most=64, is_required=False)
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise bad_parameter("time_expire格式错误，应为rfc3339") from error
    if at.tzinfo is None:
        raise bad_parameter("time_expire格式错误，应为rfc3339")
    if at.timestamp() <= now:
        raise bad_parameter("time_expire必须晚于当前时间")
    return at.timestamp()
