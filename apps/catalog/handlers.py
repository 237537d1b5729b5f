"""What the catalog does about facts of others."""

from apps.catalog.selectors.offers import list_offers_of
from apps.catalog.services.projections import refresh_shown_offers
from apps.events.api import StockChanged, SupplierStatusChanged
from apps.kernel.api import OutboxEvent, outbox


@outbox.subscribe(StockChanged, name="catalog.refresh_shown_offer")
def refresh_shown_offer(fact: StockChanged, *, event: OutboxEvent) -> None:
    """Show another offer of the product in lists if this one sold out or came back."""
    refresh_shown_offers([fact.product_id])


@outbox.subscribe(SupplierStatusChanged, name="catalog.refresh_offers_of_supplier")
def refresh_offers_of_supplier(fact: SupplierStatusChanged, *, event: OutboxEvent) -> None:
    """Take a suspended supplier's offers out of the lists, bring a restored one's back."""
    refresh_shown_offers(list_offers_of(fact.organization_id).values_list("product_id", flat=True))
