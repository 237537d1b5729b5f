"""What we add to Oscar's products and categories: kind, languages, brand, fitment, search."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.catalog.models.naming import Named
from apps.catalog.states import KindName, TaxClass
from apps.kernel.api import in_language


class Brand(Named):
    """A make of car or of parts."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    is_own = models.BooleanField(_("is our own brand"), default=False)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")


class CategoryInfo(models.Model):
    """The English name of an Oscar category, whose own name is Chinese and whose ``code`` is stable."""

    category = models.OneToOneField(
        "catalogue.Category", models.CASCADE, primary_key=True, related_name="info", verbose_name=_("category")
    )
    name_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("kind of product"), max_length=10, choices=KindName.choices, blank=True)

    class Meta:
        verbose_name = _("category names")
        verbose_name_plural = _("category names")

    def __str__(self) -> str:
        return self.name_en


class ProductInfo(models.Model):
    """
    The companion of every Oscar product; the product's own ``title`` is the Chinese one.

    ``shown_offer`` is a projection of the offer choice, ``shown_price`` one of the price lists that hold for everybody
    (empty while none changes the offer's own price), ``search`` one of the texts; services alone write them, and lists
    read them from the product's ``Listing``.
    """

    product = models.OneToOneField("catalogue.Product", models.PROTECT, primary_key=True, related_name="info")
    kind = models.CharField(_("kind"), max_length=10, choices=KindName.choices)
    tax_class = models.CharField(_("tax class"), max_length=10, choices=TaxClass.choices, default=TaxClass.GOODS)
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("brand")
    )
    title_en = models.CharField(_("title in English"), max_length=255)
    summary_zh = models.CharField(_("summary in Chinese"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    description_zh = models.TextField(_("description in Chinese"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    image_key = models.CharField(_("picture"), max_length=80, blank=True)
    popularity = models.PositiveIntegerField(_("popularity"), default=0)
    attributes = models.JSONField(_("attributes"), default=list, blank=True)
    # Of published reviews: how many, and their average from 1 to 5.
    rating_count = models.PositiveIntegerField(_("reviews"), default=0, db_default=0, editable=False)
    rating_average = models.DecimalField(
        _("average rating"), max_digits=3, decimal_places=2, null=True, blank=True, editable=False
    )
    shown_offer = models.ForeignKey(
        "catalog.Offer", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    shown_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, editable=False)
    shown_list_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, editable=False)
    pinyin = models.CharField(max_length=800, blank=True, editable=False)
    initials = models.CharField(max_length=255, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [
            # No list of words to be merged later: a search after a large import is as fast as any other.
            GinIndex(fields=["search"], name="catalog_product_search", fastupdate=False),
            models.Index(fields=["kind", "-popularity", "product"], name="catalog_product_popularity"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.product.title, self.title_en)

    @property
    def summary(self) -> str:
        """The summary in the reader's language."""
        return in_language(self.summary_zh, self.summary_en)

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return in_language(self.description_zh, self.description_en)


class Fitment(models.Model):
    """One line of a part's fitment: a series, or one model or trim of it; both model years are inclusive."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="fitments")
    series = models.ForeignKey("catalog.Series", models.PROTECT, related_name="fitments", verbose_name=_("series"))
    model = models.ForeignKey(
        "catalog.VehicleModel", models.PROTECT, null=True, blank=True, related_name="fitments", verbose_name=_("model")
    )
    trim = models.ForeignKey(
        "catalog.Trim", models.PROTECT, null=True, blank=True, related_name="fitments", verbose_name=_("trim")
    )
    year_from = models.PositiveSmallIntegerField(_("from model year"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("to model year"), null=True, blank=True)

    class Meta:
        verbose_name = _("fitment")
        verbose_name_plural = _("fitments")
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from__isnull=True) | Q(year_to__isnull=True) | Q(year_from__lte=F("year_to")),
                name="catalog_fitment_years_in_order",
            ),
            models.UniqueConstraint(
                fields=["product", "series", "model", "trim", "year_from", "year_to"],
                nulls_distinct=False,
                name="catalog_fitment_said_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.series_id}/{self.model_id or '*'}/{self.trim_id or '*'}"


class Package(models.Model):
    """
    What a maintenance package entitles to: so many visits within months or kilometres, whichever ends first.

    ``entitlements`` lists the work: ``[{"service": code, "name_zh", "name_en", "count"}]``.
    """

    product = models.OneToOneField("catalogue.Product", models.PROTECT, primary_key=True, related_name="package")
    visits = models.PositiveSmallIntegerField(_("visits"))
    months = models.PositiveSmallIntegerField(_("months"))
    km = models.PositiveIntegerField(_("kilometers"), null=True, blank=True)
    entitlements = models.JSONField(_("entitlements"), default=list, blank=True)

    class Meta:
        verbose_name = _("maintenance package")
        verbose_name_plural = _("maintenance packages")
        constraints = [
            models.CheckConstraint(
                condition=Q(visits__gt=0) & Q(months__gt=0), name="catalog_package_entitles_to_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.visits}"
