"""WeChat Pay's hook. Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791882 (answers to notifications)."""

from django.http import HttpResponse, JsonResponse

from apps.integrations.hooks import PaymentHook


class WeChatPayHook(PaymentHook):
    """204 says "received"; anything else with a code makes WeChat Pay repeat for a day."""

    provider = "wechatpay"

    def accept(self) -> HttpResponse:
        """Answer without a body, as documented for success."""
        return HttpResponse(status=204)

    def refuse(self, status: int, code: str) -> HttpResponse:
        """Answer FAIL with the reason."""
        return JsonResponse({"code": "FAIL", "message": code}, status=status)
