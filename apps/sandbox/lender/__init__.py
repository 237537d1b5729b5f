"""A lender that speaks the protocol agreed with the merchant; people decide at its desk, scripts by JSON."""

from .provider import SandboxLender

__all__ = ["SandboxLender"]
