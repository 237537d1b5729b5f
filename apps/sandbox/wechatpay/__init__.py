"""WeChat Pay API v3 for one ordinary (direct) merchant."""

from .provider import WechatPay

__all__ = ["WechatPay"]
