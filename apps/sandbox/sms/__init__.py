"""Aliyun short messages (Dysmsapi 2017-05-25)."""

from .provider import AliyunSms

__all__ = ["AliyunSms"]
