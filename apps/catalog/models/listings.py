"""What lists ask about a product, in one narrow row."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func
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
    # The words of the title, for ranking. All words lie with the product: they would make this row five times as wide.
    title_words = SearchVectorField(null=True)
    # The same for products that are alike to every facet, so that a list of thousands is counted as one of hundreds.
    shape = models.GeneratedField(
        expression=Func(
            "kind", "brand", "price_step", "rating_average", "in_stock", "category_ids", function="catalog_shape"
        ),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        indexes = [
            models.Index(fields=["shape"], name="catalog_listing_shape"),
            models.Index(fields=["kind", "-popularity", "product"], name="catalog_listing_popularity"),
            models.Index(fields=["kind", "price", "product"], name="catalog_listing_price"),
            models.Index(fields=["kind", "-created_at", "-product"], name="catalog_listing_age"),
        ]

    def __str__(self) -> str:
        return self.sku


class ListingShape(models.Model):
    """
    What products that are alike to every facet have in common: their ``shape``, told apart by a hash of the rest.

    Triggers write these rows as listings need them (migration 0004); one that no listing has any more does no harm.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=10)
    brand_id = models.BigIntegerField(null=True)
    price_step = models.SmallIntegerField()
    rating_step = models.SmallIntegerField(null=True)
    in_stock = models.BooleanField()
    category_ids = ArrayField(models.BigIntegerField())

    class Meta:
        verbose_name = _("listing shape")
        verbose_name_plural = _("listing shapes")

    def __str__(self) -> str:
        return str(self.id)
