"""What every API is built with: errors, pages, money, idempotency, schema parts."""

from apps.kernel.rest.errors import exception_handler
from apps.kernel.rest.fields import MoneyField
from apps.kernel.rest.idempotent import IdempotentMixin, idempotent
from apps.kernel.rest.openapi import ErrorSerializer
from apps.kernel.rest.pagination import PageNumberPagination

__all__ = [
    "ErrorSerializer",
    "IdempotentMixin",
    "MoneyField",
    "PageNumberPagination",
    "exception_handler",
    "idempotent",
]
