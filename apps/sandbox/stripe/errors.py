"""Refusals in Stripe's words."""

from typing import Any


class StripeError(Exception):
    """An answer ``{"error": {…}}`` with its HTTP status. Source: https://docs.stripe.com/api/errors"""

    def __init__(
        self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = "", param: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    def body(self) -> dict[str, Any]:
        error = {"type": self.kind, "message": self.message, "code": self.code, "param": self.param}
        return {"error": {name: value for name, value in error.items() if value}}


def missing(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_found(kind: str, id_: str) -> StripeError:
    return StripeError(f"No such {kind}: '{id_}'", status=404, code="resource_missing", param="id")
