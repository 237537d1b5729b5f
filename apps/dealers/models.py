"""Tables of dealers: who they are, where their stores stand, what they are authorized for."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.dealers.policies import are_opening_hours
from apps.dealers.states import AuthorizationKind, DealerLevel, DealerStatus
from apps.kernel.api import AuditTrigger

is_region_code = RegexValidator(r"^\d{6}$", _("A region code has six digits."))


def in_language(chinese: str, english: str) -> str:
    """The one of two names that suits the reader."""
    return english if (get_language() or "").startswith("en") else chinese


def validate_opening_hours(value: object) -> None:
    """
    Refuse opening hours of another shape.

    :raises ValidationError: if ``value`` is not ``{"mon": [["09:00", "18:00"]], …}``
    """
    if not are_opening_hours(value):
        raise ValidationError(_('Give opening hours as {"mon": [["09:00", "18:00"]], …}.'))


def _same_text(field: str) -> Func:
    """Make a text comparable by = inside GiST without an extension: a range of one hash."""
    digest = Func(F(field), function="hashtext")
    return Func(digest, digest, Value("[]"), function="int8range")


class Dealer(models.Model):
    """An organization that sells, hands over or services cars in its stores."""

    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="dealer")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent dealer")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=DealerLevel.choices, default=DealerLevel.STANDARD)
    status = models.CharField(_("status"), max_length=20, choices=DealerStatus.choices, default=DealerStatus.ONBOARDING)
    created_at = models.DateTimeField(_("created at"))
    blocked_reason = models.CharField(
        _("blocked because of"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("A blocked dealer takes no new orders; open orders finish."),
    )
    blocked_at = models.DateTimeField(_("blocked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="dealers_nobody_is_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, blocked_reason="")
                | (Q(blocked_at__isnull=False) & ~Q(blocked_reason="")),
                name="dealers_a_block_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


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


class Authorization(models.Model):
    """A dated right of a dealer: one brand, one region (or ``000000``, the whole country), sales or service."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="authorizations", verbose_name=_("dealer"))
    brand_code = models.SlugField(_("brand"), max_length=40)
    region_code = models.CharField(_("region"), max_length=6, validators=[is_region_code])
    kind = models.CharField(_("kind"), max_length=10, choices=AuthorizationKind.choices)
    valid = DateRangeField(
        _("valid"), help_text=_("From the first day until before the last; no end: until further notice.")
    )

    class Meta:
        verbose_name = _("authorization")
        verbose_name_plural = _("authorizations")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="dealers_no_overlapping_authorizations",
                expressions=[
                    (Func(F("dealer"), F("dealer"), Value("[]"), function="int8range"), RangeOperators.EQUAL),
                    (_same_text("brand_code"), RangeOperators.EQUAL),
                    (_same_text("region_code"), RangeOperators.EQUAL),
                    (_same_text("kind"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.brand_code} {self.region_code} {self.kind}"
