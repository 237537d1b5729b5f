"""Oscar's way to ask for price and stock, answered by ports: catalog knows the price, inventory the stock."""

from decimal import Decimal

from django.utils import timezone
from oscar.apps.partner import availability, prices
from oscar.apps.partner.strategy import Structured

from apps.kernel.api import Money, ports


class Selector:
    """Chooses the one strategy there is; Oscar looks this class up by name."""

    def strategy(self, request=None, user=None, **kwargs):
        """Return the strategy; neither visitor nor user changes a shown price yet."""
        return PortStrategy(request)


class PortStrategy(Structured):
    """Reads the price from ``shop.price`` and the stock from ``shop.availability``."""

    def select_stockrecord(self, product):
        """Return the oldest stock record; which offer wins is catalog's decision, made before a line is written."""
        return product.stockrecords.order_by("pk").first()

    def select_children_stockrecords(self, product):
        """Return pairs of child product and stock record. Ours are standalone products, so there are none."""
        return []

    def pricing_policy(self, product, stockrecord):
        """Return Oscar's price object, tax included, for the price valid now."""
        if stockrecord is None:
            return prices.Unavailable()
        # Oscar asks from its templates and models, which are an edge: it has no instant to hand us.
        shown = ports.adapter("shop.price").price_of(stock_record_id=stockrecord.pk, at=timezone.now())
        if shown is None:
            return prices.Unavailable()
        gross = shown.amount
        net = Money.rounded(gross / (Decimal(1) + shown.tax_rate), shown.currency).amount
        return prices.FixedPrice(currency=shown.currency, excl_tax=net, tax=gross - net)

    def parent_pricing_policy(self, product, children_stock):
        """Return no price: a parent is never sold."""
        return prices.Unavailable()

    def availability_policy(self, product, stockrecord):
        """Return Oscar's availability object for the units free to promise."""
        if stockrecord is None:
            return availability.Unavailable()
        if not product.get_product_class().track_stock:
            return availability.Available()
        return availability.StockRequired(ports.adapter("shop.availability").available(stock_record_id=stockrecord.pk))

    def parent_availability_policy(self, product, children_stock):
        """Return no availability: a parent is never sold."""
        return availability.Unavailable()
