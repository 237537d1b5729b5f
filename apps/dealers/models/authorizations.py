"""What a dealer may do where, from when to when, and which regions are its own."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.dealers.models.dealers import Dealer
from apps.dealers.models.fields import is_region_code, region_span, same_number, same_text
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import AuditTrigger


class Authorization(models.Model):
    """A dated right of a dealer: one brand, one region (or ``000000``, the whole country), sales or service."""

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="authorizations", verbose_name=_("dealer"))
    brand_code = models.SlugField(_("brand"), max_length=40)
    region_code = models.CharField(_("region"), max_length=6, validators=[is_region_code])
    kind = models.CharField(_("kind"), max_length=10, choices=AuthorizationKind.choices)
    valid = DateRangeField(
        _("valid"), help_text=_("From the first day until before the last; no end: until further notice.")
    )
    is_void = models.BooleanField(
        _("never ran"), default=False, db_default=False, help_text=_("Revoked before or on its first day.")
    )
    revoked_at = models.DateTimeField(_("revoked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("authorization")
        verbose_name_plural = _("authorizations")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="dealers_no_overlapping_authorizations",
                expressions=[
                    (same_number("dealer"), RangeOperators.EQUAL),
                    (same_text("brand_code"), RangeOperators.EQUAL),
                    (same_text("region_code"), RangeOperators.EQUAL),
                    (same_text("kind"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(is_void=False),
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="dealers_authorization_runs_for_a_day"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^[0-9]{6}$"), name="dealers_authorization_region_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(revoked_at__isnull=False), name="dealers_void_authorization_was_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.brand_code} {self.region_code} {self.kind}"


class Territory(models.Model):
    """
    A region a dealer looks after for one brand and kind of business: alone (exclusive), or beside others (open).

    Nobody else holds any part of an exclusive territory while it runs: the exclusion constraint compares the spans of
    region codes, and whom each row leaves room for (an exclusive one: nobody; an open one: all other dealers).
    """

    dealer = models.ForeignKey(Dealer, models.PROTECT, related_name="territories", verbose_name=_("dealer"))
    brand_code = models.SlugField(_("brand"), max_length=40)
    region_code = models.CharField(_("region"), max_length=6, validators=[is_region_code])
    kind = models.CharField(_("kind"), max_length=10, choices=AuthorizationKind.choices)
    is_exclusive = models.BooleanField(
        _("is exclusive"), default=False, help_text=_("Nobody else may do this business with the brand here.")
    )
    valid = DateRangeField(
        _("valid"), help_text=_("From the first day until before the last; no end: until further notice.")
    )
    is_void = models.BooleanField(
        _("never ran"), default=False, db_default=False, help_text=_("Ended before or on its first day.")
    )

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="dealers_exclusive_territories_do_not_overlap",
                expressions=[
                    (same_text("brand_code"), RangeOperators.EQUAL),
                    (same_text("kind"), RangeOperators.EQUAL),
                    (region_span(), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("is_exclusive"),
                            F("dealer"),
                            function="dealers_territory_holders",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_void=False),
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="dealers_territory_runs_for_a_day"),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^[0-9]{6}$"), name="dealers_territory_region_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} {self.brand_code} {self.region_code} {self.kind}"
