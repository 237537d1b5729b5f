"""Alipay's hook. Source: https://opendocs.alipay.com/open/270/105902 (the program must print exactly ``success``)."""

from django.http import HttpResponse

from apps.integrations.hooks import PaymentHook


class AlipayHook(PaymentHook):
    """The bare word ``success`` says "received"; anything else makes Alipay repeat for 25 hours."""

    provider = "alipay"

    def accept(self) -> HttpResponse:
        """Print the word."""
        return HttpResponse("success", content_type="text/plain")

    def refuse(self, status: int, code: str) -> HttpResponse:
        """Print the other word."""
        return HttpResponse("fail", status=status, content_type="text/plain")
