"""Alipay's open platform for one merchant application (ordinary public-key mode, RSA2)."""

from .provider import Alipay

__all__ = ["Alipay"]
