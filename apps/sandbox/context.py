"""What every provider package is given when the process starts."""

from dataclasses import dataclass, field

from .database import Database
from .deliveries import Deliveries
from .home import Credentials, Home


@dataclass(slots=True)
class RefundOrders:
    """How a provider's refunds turn out and notify until told otherwise; set through ``/_control/``."""

    result: str = "success"
    notify: str = "once"
    delay_seconds: float = 5.0


@dataclass(slots=True)
class Context:
    """Home, keys, stores and addresses."""

    home: Home
    credentials: Credentials
    database: Database
    deliveries: Deliveries
    # Where browsers and merchants reach the sandbox, without a slash at the end.
    base_url: str
    # Where the merchant's hooks are, for providers whose console holds the address (Stripe).
    notify_base: str
    refund_orders: dict[str, RefundOrders] = field(default_factory=dict)

    def refunds_at(self, provider: str) -> RefundOrders:
        return self.refund_orders.setdefault(provider, RefundOrders())
