"""Authorizations as tables: out without formulas, in through the service, row by row, all or nothing."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from import_export import fields, resources, widgets
from import_export.formats.base_formats import CSV

from apps.dealers import api
from apps.dealers.admin.base import DAY, day_after
from apps.dealers.models import Authorization, Dealer
from apps.dealers.states import AuthorizationKind
from apps.kernel.api import DomainError

IMPORTS = [CSV]
MOST_ROWS = 2000
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("dealer", "brand", "region", "kind", "first_day", "last_day", "reason")


class AuthorizationTable(resources.ModelResource):
    """Columns: dealer, brand, region, kind, first_day, last_day, reason. Rows are new grants."""

    dealer = fields.Field("dealer", "dealer", widgets.ForeignKeyWidget(Dealer, "code"))
    brand = fields.Field("brand_code", "brand")
    region = fields.Field("region_code", "region")
    region_name = fields.Field(column_name="region_name", readonly=True)
    kind = fields.Field("kind", "kind")
    first_day = fields.Field(column_name="first_day")
    last_day = fields.Field(column_name="last_day")
    revoked_at = fields.Field("revoked_at", "revoked_at", readonly=True)

    class Meta:
        model = Authorization
        fields = ("dealer", "brand", "region", "region_name", "kind", "first_day", "last_day", "revoked_at")
        import_id_fields: tuple[str, ...] = ()
        use_transactions = True
        skip_diff = True

    def dehydrate_region_name(self, row: Authorization) -> str:
        """The region in words."""
        return api.name_region(row.region_code)

    def dehydrate_first_day(self, row: Authorization) -> str:
        """The first day."""
        return row.valid.lower.isoformat() if row.valid.lower else ""

    def dehydrate_last_day(self, row: Authorization) -> str:
        """The last day; empty: until further notice."""
        return (row.valid.upper - DAY).isoformat() if row.valid.upper else ""

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """
        Refuse tables without our columns, and those that are too long.

        :raises ValidationError: if so
        """
        missing = [name for name in COLUMNS if name not in (dataset.headers or [])]
        if missing:
            raise ValidationError(gettext("Columns are missing: %(names)s.") % {"names": ", ".join(missing)})
        if len(dataset) > MOST_ROWS:
            raise ValidationError(gettext("A table has at most %(most)s rows.") % {"most": MOST_ROWS})

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """
        Refuse cells that a spreadsheet would run.

        :raises ValidationError: naming the column
        """
        for name in COLUMNS:
            if str(row.get(name) or "").startswith(FORMULAS):
                raise ValidationError(gettext("A cell of the column %(name)s is a formula.") % {"name": name})

    def save_instance(self, instance: Authorization, is_create: bool, row: Any, **kwargs: Any) -> None:
        """
        Grant what a row says; a trial run is rolled back afterwards.

        :raises ValidationError: with the service's refusal
        """
        try:
            api.grant_authorization(
                wish=api.GrantWish(
                    dealer_id=instance.dealer_id,
                    brand_code=str(instance.brand_code),
                    region_code=str(instance.region_code),
                    kind=_kind(row["kind"]),
                    starts_on=_day(row["first_day"], "first_day"),
                    ends_on=day_after(_day(row["last_day"], "last_day") if row["last_day"] else None),
                ),
                reason=str(row["reason"] or ""),
                by=kwargs.get("user"),
                now=timezone.now(),
            )
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal


def _kind(text: Any) -> AuthorizationKind:
    try:
        return AuthorizationKind(str(text).strip().upper())
    except ValueError as error:
        raise ValidationError(gettext("The kind is SALES or SERVICE.")) from error


def _day(text: Any, name: str) -> date:
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError as error:
        raise ValidationError(gettext("Give the %(name)s like 2026-06-30.") % {"name": name}) from error
