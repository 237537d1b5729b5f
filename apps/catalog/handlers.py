"""What the catalog does about facts of others."""

from apps.catalog.services.projections import refresh_shown_offers
from apps.events.api import StockChanged
from apps.kernel.api import OutboxEvent, outbox


@outbox.subscribe(StockChanged, name="catalog.refresh_shown_offer")
def refresh_shown_offer(fact: StockChanged, *, event: OutboxEvent) -> None:
    """Show another offer of the product in lists if this one sold out or came back."""
    refresh_shown_offers([fact.product_id])
