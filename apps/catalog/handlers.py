"""What the catalog does about facts of others."""

from apps.catalog.selectors.offers import list_offers_of
from apps.catalog.services.projections import refresh_shown_offers
from apps.catalog.services.ratings import refresh_ratings
from apps.events.api import ProductChanged, ReviewPublished, ReviewWithdrawn, StockChanged, SupplierStatusChanged
from apps.kernel.api import OutboxEvent, forget_pages_on, outbox


@outbox.subscribe(StockChanged, name="catalog.refresh_shown_offer")
def refresh_shown_offer(fact: StockChanged, *, event: OutboxEvent) -> None:
    """Show another offer of the product in lists if this one sold out or came back."""
    refresh_shown_offers([fact.product_id])


@outbox.subscribe(SupplierStatusChanged, name="catalog.refresh_offers_of_supplier")
def refresh_offers_of_supplier(fact: SupplierStatusChanged, *, event: OutboxEvent) -> None:
    """Take a suspended supplier's offers out of the lists, bring a restored one's back."""
    refresh_shown_offers(list_offers_of(fact.organization_id).values_list("product_id", flat=True))


@outbox.subscribe(ReviewPublished, name="catalog.count_stars_of_review")
def count_stars_of_review(fact: ReviewPublished, *, event: OutboxEvent) -> None:
    """Count the stars of a review that everybody reads now."""
    refresh_ratings([fact.product_id])


@outbox.subscribe(ReviewWithdrawn, name="catalog.leave_out_stars_of_review")
def leave_out_stars_of_review(fact: ReviewWithdrawn, *, event: OutboxEvent) -> None:
    """Leave out the stars of a review that is there no longer."""
    refresh_ratings([fact.product_id])


@forget_pages_on(ProductChanged, name="catalog.forget_pages_of_product")
def tags_of_changed_product(fact: ProductChanged) -> list[str]:
    """A price or a text shows at once: on the product's own pages, on lists that hold it, and on those it may join."""
    return [f"product:{fact.product_id}", "list"]


@forget_pages_on(StockChanged, name="catalog.forget_pages_of_stock")
def tags_of_changed_stock(fact: StockChanged) -> list[str]:
    """How much lies where is told on the product's own pages only."""
    return [f"stock:{fact.product_id}"]
