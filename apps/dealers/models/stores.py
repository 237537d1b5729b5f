"""Where the stores stand and when they are open."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.dealers.models.dealers import Dealer
from apps.dealers.models.fields import is_region_code, validate_opening_hours, validate_spans
from apps.kernel.api import AuditTrigger, in_language


class Store(models.Model):
    """A place where people see, buy, fetch or service cars. Codes of regions follow GB/T 2260."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="stores", verbose_name=_("dealer"))
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    province = models.CharField(_("province"), max_length=40)
    province_en = models.CharField(_("province in English"), max_length=60, blank=True)
    province_code = models.CharField(max_length=6, validators=[is_region_code])
    city = models.CharField(_("city"), max_length=40)
    city_en = models.CharField(_("city in English"), max_length=60, blank=True)
    city_code = models.CharField(max_length=6, validators=[is_region_code])
    district = models.CharField(_("district"), max_length=40)
    district_en = models.CharField(_("district in English"), max_length=60, blank=True)
    district_code = models.CharField(max_length=6, validators=[is_region_code])
    address_zh = models.CharField(_("address in Chinese"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=200)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, help_text=_("Degrees north, WGS 84."))
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, help_text=_("Degrees east, WGS 84.")
    )
    phone = models.CharField(_("phone"), max_length=20)
    opening_hours = models.JSONField(_("opening hours"), default=dict, validators=[validate_opening_hours])
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    has_sales = models.BooleanField(_("sells cars"), default=True)
    has_service = models.BooleanField(_("services cars"), default=True)
    is_open = models.BooleanField(
        _("is open"), default=True, help_text=_("A closed store is not shown and takes no orders.")
    )
    closed_reason = models.CharField(_("closed because of"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        indexes = [models.Index(fields=["latitude", "longitude"], name="dealers_store_position")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)),
                name="dealers_store_is_on_earth",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)

    @property
    def city_name(self) -> str:
        """The city in the reader's language."""
        return in_language(self.city, self.city_en or self.city)

    @property
    def address(self) -> str:
        """The address in the reader's language."""
        return in_language(self.address_zh, self.address_en)

    @property
    def services(self) -> list[str]:
        """What a visitor can do here, in the words of the store filter."""
        return [name for name, offered in (("sales", self.has_sales), ("service", self.has_service)) if offered]


class StoreDay(models.Model):
    """One day on which a store keeps other hours than its week says; no spans: closed all day."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="days", verbose_name=_("store"))
    day = models.DateField(_("day"))
    spans = models.JSONField(_("hours"), default=list, blank=True, validators=[validate_spans])
    note_zh = models.CharField(_("note in Chinese"), max_length=60, blank=True, default="")
    note_en = models.CharField(_("note in English"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("special day of a store")
        verbose_name_plural = _("special days of stores")
        triggers = [AuditTrigger(name="audit")]
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="dealers_one_rule_per_store_and_day")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.day}"

    @property
    def note(self) -> str:
        """Why, in the reader's language."""
        return in_language(self.note_zh, self.note_en)
