"""Stripe's webhook. Source: https://docs.stripe.com/webhooks (any 2xx is success, anything else is repeated)."""

from django.http import HttpResponse, JsonResponse

from apps.integrations.hooks import PaymentHook


class StripeHook(PaymentHook):
    """200 says "received"."""

    provider = "stripe"

    def accept(self) -> HttpResponse:
        """Answer 200."""
        return JsonResponse({"received": True})

    def refuse(self, status: int, code: str) -> HttpResponse:
        """Answer the reason, which Stripe's dashboard shows."""
        return JsonResponse({"error": code}, status=status)
