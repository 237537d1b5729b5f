"""What lists ask about a product, in one narrow row."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.products import Brand, ProductInfo
from apps.catalog.states import KindName

# Lower ends of the price ranges offered as a facet, in major units. The database numbers them when it writes a listing
# (migration 0002): a change here needs a migration that writes all listings anew.
PRICE_STEPS = (0, 100, 300, 1000, 3000, 10_000, 50_000, 100_000, 150_000, 200_000, 300_000, 500_000)


class Listing(models.Model):
    """
    A public product that somebody offers, as lists filter, count and sort it.

    Nobody writes this table: triggers on the tables it is drawn from keep it, in the same transaction, whoever writes
    them and however (migration 0002). A product without a row here is in no list.
    """

    product = models.OneToOneField(ProductInfo, models.CASCADE, primary_key=True, related_name="listing")
    kind = models.CharField(_("kind"), max_length=10, choices=KindName.choices)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, related_name="+", db_index=False)
    # The product's categories and all that these lie in.
    category_ids = ArrayField(models.BigIntegerField())
    sku = models.CharField(_("SKU"), max_length=64)
    offer_id = models.BigIntegerField()
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    list_price = models.DecimalField(_("list price"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=12)
    price_step = models.SmallIntegerField()
    in_stock = models.BooleanField()
    # Without a line of fitment it fits every car.
    is_universal = models.BooleanField()
    popularity = models.PositiveIntegerField(_("popularity"))
    rating_average = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    rating_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    # The words of the title alone, for ranking. The other vector is found through its index and hardly ever read, so
    # that it lies outside of the row.
    title_words = SearchVectorField(null=True)
    search = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        indexes = [
            # No list of words to be merged later: a search after a large import is as fast as any other.
            GinIndex(fields=["search"], name="catalog_listing_search", fastupdate=False),
            models.Index(fields=["kind", "-popularity", "product"], name="catalog_listing_popularity"),
            models.Index(fields=["kind", "price", "product"], name="catalog_listing_price"),
            models.Index(fields=["kind", "-created_at", "-product"], name="catalog_listing_age"),
        ]

    def __str__(self) -> str:
        return self.sku
