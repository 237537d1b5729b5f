"""Inbound hooks: ``/hooks/<provider>/…``."""

from django.urls import path

from apps.integrations.alipay.web import AlipayHook
from apps.integrations.lender.web import LenderHook
from apps.integrations.stripe.web import StripeHook
from apps.integrations.wechatpay.web import WeChatPayHook

urlpatterns = [
    path("wechatpay/notify/", WeChatPayHook.as_view(), name="hook_wechatpay"),
    path("wechatpay/refund-notify/", WeChatPayHook.as_view(), name="hook_wechatpay_refund"),
    path("alipay/notify/", AlipayHook.as_view(), name="hook_alipay"),
    path("lender/notify/", LenderHook.as_view(), name="hook_lender"),
    path("stripe/notify/", StripeHook.as_view(), name="hook_stripe"),
]
